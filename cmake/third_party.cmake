# Other people's code, as targets berth_<name>. On Linux all of it is Debian's; for Windows
# scripts/third_party has put headers and sources under build/third_party beforehand.
find_package(Threads REQUIRED)

# Boost, toml++, CLI11 and fmt: headers only, on both systems.
add_library(berth_headers INTERFACE)
target_compile_definitions(berth_headers INTERFACE
  FMT_HEADER_ONLY BOOST_ALL_NO_LIB BOOST_JSON_NO_LIB BOOST_CONTAINER_NO_LIB)
target_link_libraries(berth_headers INTERFACE Threads::Threads)

if(WIN32)
  set(third_party ${PROJECT_SOURCE_DIR}/build/third_party)
  if(NOT EXISTS ${third_party}/sqlite/sqlite3.c)
    message(FATAL_ERROR "Run scripts/third_party first: it makes ${third_party}.")
  endif()
  target_include_directories(berth_headers SYSTEM INTERFACE ${third_party}/include)

  add_library(berth_sqlite STATIC ${third_party}/sqlite/sqlite3.c)
  target_include_directories(berth_sqlite SYSTEM PUBLIC ${third_party}/sqlite)

  add_subdirectory(/usr/src/googletest ${PROJECT_BINARY_DIR}/googletest EXCLUDE_FROM_ALL SYSTEM)
  add_library(berth_gtest INTERFACE)
  target_link_libraries(berth_gtest INTERFACE GTest::gmock_main)
  return()
endif()

find_package(SQLite3 REQUIRED)
add_library(berth_sqlite INTERFACE)
target_link_libraries(berth_sqlite INTERFACE SQLite::SQLite3)

# Who only wants the program needs none of these; ./test installs all of them. Any of them may be
# there alone: then what needs the others is not built.
find_package(GTest)
if(TARGET GTest::gmock_main)
  add_library(berth_gtest INTERFACE)
  target_link_libraries(berth_gtest INTERFACE GTest::gmock_main GTest::gtest)
endif()

find_package(rapidcheck)
if(rapidcheck_FOUND)
  add_library(berth_rapidcheck INTERFACE)
  target_link_libraries(berth_rapidcheck INTERFACE rapidcheck)
endif()

find_library(ROCKSDB_LIBRARY rocksdb)
if(ROCKSDB_LIBRARY)
  add_library(berth_rocksdb INTERFACE)
  target_link_libraries(berth_rocksdb INTERFACE ${ROCKSDB_LIBRARY})
endif()

find_package(benchmark)
if(benchmark_FOUND)
  add_library(berth_benchmark INTERFACE)
  target_link_libraries(berth_benchmark INTERFACE benchmark::benchmark_main)
endif()
