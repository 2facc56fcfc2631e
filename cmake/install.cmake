# What cmake --install puts where: the programs, a manual page, and what shells need to finish
# words, which the program itself says.
if(NOT TARGET berth OR WIN32)
  return()
endif()
include(GNUInstallDirs)
install(TARGETS berth berthd rashost berth-worker)
install(TARGETS mprapi LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS berth_module LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/berth)
install(FILES ${PROJECT_SOURCE_DIR}/docs/berth.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)

function(berth_install_completion shell path)
  install(CODE "
    set(file \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/${path}\")
    message(STATUS \"Installing: \${file}\")
    cmake_path(GET file PARENT_PATH folder)
    file(MAKE_DIRECTORY \${folder})
    execute_process(COMMAND \"$<TARGET_FILE:berth>\" completion ${shell}
                    OUTPUT_FILE \${file} COMMAND_ERROR_IS_FATAL ANY)")
endfunction()
berth_install_completion(bash bash-completion/completions/berth)
berth_install_completion(zsh zsh/site-functions/_berth)
berth_install_completion(fish fish/vendor_completions.d/berth.fish)
