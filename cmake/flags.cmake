# How our own code is compiled, whatever the preset. A preset chooses the compiler, -O and
# sanitizers, nothing else; all of CMake's build types are left alone because they bring NDEBUG.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)  # every room can end up inside somebody's plug-in

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# Asserts stay on in what we ship, the library's too: `*` on an error must stop, not go on.
add_compile_definitions(_GLIBCXX_ASSERTIONS)

add_compile_options(
  -Werror -Wall -Wextra -Wpedantic
  -Wshadow -Wconversion -Wsign-conversion -Wdouble-promotion
  -Wcast-align -Wcast-qual
  -Wformat=2 -Wimplicit-fallthrough -Wundef -Wvla
  # {.owner = o} leaves the other fields at their defaults on purpose.
  -Wno-missing-field-initializers)
add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:\
-Wold-style-cast;-Wnon-virtual-dtor;-Woverloaded-virtual;-Wextra-semi>")
add_compile_options("$<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes;-Wmissing-prototypes>")
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  add_compile_options(
    -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wmissing-declarations
    # g++ 12 sees overlaps in "a" + std::string that are not there (GCC bug 105651).
    -Wno-restrict)
else()
  add_compile_options(
    # libstdc++ 12 uses in <algorithm> what it deprecates, and clang blames its caller.
    -Wno-deprecated-declarations
    # BERTH_ASSERT(!"why one cannot get here") is how we say that.
    -Wno-string-conversion)
endif()
