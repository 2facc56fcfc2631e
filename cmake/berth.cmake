# How a folder becomes targets. To add a source, a test, a fuzzer or a bench, add a file:
# the lists of files are looked at again on every build.
add_custom_target(berth_tests)    # every test program
add_custom_target(berth_fuzzers)  # every fuzzer

# berth_room(core [POSIX] [IN folder] [PROGRAM name] [DEPENDS room ...])
#
#   src/core/*.cc               the library berth_core
#   src/core/*_test.cc          the program berth_core_test, with GoogleTest
#   src/core/*_property_test.cc part of that program where there is RapidCheck: not on Windows
#   src/core/*_posix.cc         only where not Windows; *_windows.cc only there
#   src/core/main.cc            the program named after PROGRAM
#
# The folder is src/<room> unless IN says otherwise; includes begin at its parent. POSIX: there is
# no such room on Windows. A room that nobody has built yet is skipped, and so is a room named in
# DEPENDS that is not there.
function(berth_room room)
  cmake_parse_arguments(ARG "POSIX" "IN;PROGRAM" "DEPENDS" ${ARGN})
  if(WIN32 AND ARG_POSIX)
    return()
  endif()
  set(folder ${PROJECT_SOURCE_DIR}/src/${room})
  if(ARG_IN)
    set(folder ${PROJECT_SOURCE_DIR}/${ARG_IN})
  endif()
  file(GLOB headers CONFIGURE_DEPENDS ${folder}/*.h)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cc)
  if(NOT headers AND NOT sources)
    return()
  endif()
  if(WIN32)
    list(FILTER sources EXCLUDE REGEX "_posix(_test)?\\.cc$")
  else()
    list(FILTER sources EXCLUDE REGEX "_windows(_test)?\\.cc$")
  endif()
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cc$")

  set(library berth_${room})
  cmake_path(GET folder PARENT_PATH root)
  set(scope PUBLIC)
  if(sources)
    add_library(${library} STATIC ${sources})
  else()
    set(scope INTERFACE)
    add_library(${library} INTERFACE)
  endif()
  target_include_directories(${library} ${scope} ${root} ${PROJECT_SOURCE_DIR}/include)
  berth_link(${library} ${scope} headers ${ARG_DEPENDS})
  set_property(GLOBAL APPEND PROPERTY BERTH_ROOMS ${room})

  if(ARG_PROGRAM AND EXISTS ${folder}/main.cc)
    add_executable(${ARG_PROGRAM} ${folder}/main.cc)
    target_compile_definitions(${ARG_PROGRAM} PRIVATE BERTH_VERSION="${PROJECT_VERSION}")
    berth_link(${ARG_PROGRAM} PRIVATE ${room})
  endif()

  berth_test(${library}_test ${room} ${tests})
endfunction()

# berth_programs(bench [SUFFIX _bench]): bench/pool_bench.cc is the program berth_pool_bench,
# linked with every room that exists. A suffix says what else belongs to it:
#
#   _test    GoogleTest and an entry in ctest
#   _bench   Google Benchmark; skipped where it is not installed
#   _fuzz    libFuzzer; only where BERTH_FUZZ is on; its seeds are fuzz/corpus/<name>/
function(berth_programs folder)
  cmake_parse_arguments(ARG "" "SUFFIX" "" ${ARGN})
  get_property(rooms GLOBAL PROPERTY BERTH_ROOMS)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*${ARG_SUFFIX}.cc)
  foreach(source ${sources})
    cmake_path(GET source STEM stem)
    set(program berth_${stem})
    if(WIN32 AND stem MATCHES "_posix_")
      continue()
    endif()
    if(ARG_SUFFIX STREQUAL _test)
      berth_test(${program} "${rooms}" ${source})
      if(TARGET ${program})  # "tests/x_for_tests.h"
        target_include_directories(${program} PRIVATE ${PROJECT_SOURCE_DIR})
      endif()
      if(TARGET ${program} AND TARGET berth)  # a test may run the program itself
        add_dependencies(${program} berth)
        target_compile_definitions(${program} PRIVATE BERTH_PROGRAM="$<TARGET_FILE:berth>")
      endif()
    elseif(ARG_SUFFIX STREQUAL _fuzz)
      if(BERTH_FUZZ)
        add_executable(${program} ${source})
        target_link_options(${program} PRIVATE -fsanitize=fuzzer)
        add_dependencies(berth_fuzzers ${program})
      endif()
    elseif(NOT ARG_SUFFIX STREQUAL _bench OR TARGET berth_benchmark)
      add_executable(${program} ${source})
    endif()
    if(TARGET ${program})
      berth_link(${program} PRIVATE ${rooms})
      if(ARG_SUFFIX STREQUAL _bench)
        berth_link(${program} PRIVATE benchmark)
      endif()
    endif()
  endforeach()
endfunction()

# One test program from `sources`, against `rooms`. One entry in ctest for the whole program:
# under Wine each start costs more than most tests.
function(berth_test program rooms)
  set(sources ${ARGN})
  if(NOT TARGET berth_rapidcheck)
    list(FILTER sources EXCLUDE REGEX "_property_test\\.cc$")
  endif()
  if(NOT sources OR NOT TARGET berth_gtest)
    return()
  endif()
  add_executable(${program} ${sources})
  berth_link(${program} PRIVATE ${rooms} gtest rapidcheck)
  target_compile_definitions(${program} PRIVATE BERTH_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  add_test(NAME ${program} COMMAND ${program})
  add_dependencies(berth_tests ${program})
endfunction()

# Links `target` with berth_<name> for each name that exists.
function(berth_link target scope)
  foreach(name ${ARGN})
    if(TARGET berth_${name})
      target_link_libraries(${target} ${scope} berth_${name})
    endif()
  endforeach()
endfunction()
