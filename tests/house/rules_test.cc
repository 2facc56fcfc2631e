// rules_test.cc - each rule of the house bites, and lets pass what is right.
#include "house/rules.h"

#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace house {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

auto on_line(std::size_t line) { return ElementsAre(Field(&Finding::line, line)); }

std::vector<Room> rooms(std::string_view text) {
  return rooms_of(File::of("CMakeLists.txt", text));
}

constexpr std::string_view kFourRooms =
    "berth_room(core)\n"
    "berth_room(store DEPENDS core sqlite)\n"
    "berth_room(book\n"
    "  DEPENDS store)  # and core through it\n"
    "berth_room(house IN tests/house)\n";

TEST(Rooms, AreReadAsCMakeListsDeclaresThem) {
  const std::vector<Room> found = rooms(kFourRooms);
  ASSERT_THAT(found, SizeIs(4));
  EXPECT_EQ(found[1].folder, "src/store");
  EXPECT_THAT(found[1].depends, ElementsAre("core", "sqlite"));
  EXPECT_EQ(found[2].line, 3U);
  EXPECT_THAT(found[2].depends, ElementsAre("store"));
  EXPECT_EQ(found[3].folder, "tests/house");
}

TEST(Rooms, DependOnlyOnThoseAboveThem) {
  EXPECT_THAT(rooms_in_order(rooms(kFourRooms)), IsEmpty());
  EXPECT_THAT(rooms_in_order(rooms("berth_room(core DEPENDS store)\nberth_room(store)\n")),
              on_line(1));
  EXPECT_THAT(rooms_in_order(rooms("berth_room(core DEPENDS core)\n")), on_line(1));
}

TEST(Includes, ReachTheRoomsBelowAndNotTheOnesAbove) {
  const auto check = [](std::string path, std::string_view text) {
    return includes_only_what_its_room_may(File::of(std::move(path), text), rooms(kFourRooms));
  };
  EXPECT_THAT(check("src/book/book.cc", "#include \"book/book.h\"\n#include \"core/pool.h\"\n"),
              IsEmpty());
  EXPECT_THAT(check("src/core/pool.cc", "\n#include \"store/store.h\"\n"), on_line(2));
  EXPECT_THAT(check("src/core/pool.cc", "#include <store/store.h>\n"), on_line(1));
  EXPECT_THAT(check("src/core/pool.cc", "#include \"berth/lease.h\"\n#include <map>\n"), IsEmpty());
  EXPECT_THAT(check("bench/pool_bench.cc", "#include \"book/book.h\"\n"), IsEmpty());
}

TEST(Includes, AreNamedInFull) {
  const auto check = [](std::string_view text) {
    return includes_only_what_its_room_may(File::of("src/core/pool.cc", text), rooms(kFourRooms));
  };
  EXPECT_THAT(check("#include \"pool.h\"\n"), on_line(1));
  EXPECT_THAT(check("#include \"../core/pool.h\"\n"), on_line(1));
}

TEST(Includes, AreCheckedInDeclaredRoomsOnlySoEveryRoomIsDeclared) {
  const File stray = File::of("src/attic/box.h", "// box.h - a box.\n");
  EXPECT_THAT(includes_only_what_its_room_may(stray, rooms(kFourRooms)), on_line(1));
}

TEST(Libraries, AreKnownInAFewPlacesOnly) {
  const auto check = [](std::string path, std::string_view text) {
    return includes_libraries_where_allowed(File::of(std::move(path), text));
  };
  EXPECT_THAT(check("src/store/sqlite_store.cc", "#include <sqlite3.h>\n"), IsEmpty());
  EXPECT_THAT(check("src/book/book.cc", "#include <sqlite3.h>\n"), on_line(1));
  EXPECT_THAT(check("src/cli/main.cc", "#include <toml++/toml.h>\n"), on_line(1));
  EXPECT_THAT(check("src/core/pool.cc", "#include <boost/unordered/unordered_flat_map.hpp>\n"),
              IsEmpty());
  EXPECT_THAT(check("src/core/pool.cc", "#include <boost/json.hpp>\n"), on_line(1));
  EXPECT_THAT(check("src/core/pool_test.cc", "#include <gtest/gtest.h>\n"), IsEmpty());
  EXPECT_THAT(check("src/core/pool_test.cc", "#include <rapidcheck.h>\n"), on_line(1));
  EXPECT_THAT(check("src/core/pool.cc", "#include <gtest/gtest.h>\n"), on_line(1));
  EXPECT_THAT(check("src/core/pool.cc", "#include <ras_admin_module.h>\n"), on_line(1));
  EXPECT_THAT(check("src/ras/module.cc", "#include <ras_admin_module.h>\n"), IsEmpty());
}

TEST(PublicHeaders, IncludeOnlyEachOtherAndTheStandardLibrary) {
  const auto check = [](std::string_view text) {
    return public_header_stands_alone(File::of("include/berth/lease.h", text));
  };
  EXPECT_THAT(check("#include <string>\n#include \"berth/error.h\"\n"), IsEmpty());
  EXPECT_THAT(check("#include \"core/pool.h\"\n"), on_line(1));
  EXPECT_THAT(check("#include <fmt/format.h>\n"), on_line(1));
  EXPECT_THAT(check("#include <unistd.h>\n"), on_line(1));
}

TEST(Sdk, StandsAlone) {
  const auto check = [](std::string path, std::string_view text) {
    return sdk_stands_alone(File::of(std::move(path), text));
  };
  const std::string header = "sdk/include/ras_admin/callouts.h";
  EXPECT_THAT(check(header, "#include <stdint.h>\n#include \"ras_admin/types.h\"\n"), IsEmpty());
  EXPECT_THAT(check(header, "#include \"core/pool.h\"\n"), on_line(1));
  EXPECT_THAT(check(header, "#include <windows.h>\n"), on_line(1));
  EXPECT_THAT(check("sdk/include/ras_admin/mprapi_windows.h", "#include <windows.h>\n"), IsEmpty());
  EXPECT_THAT(check("sdk/sample/sample.c", "#include <ras_admin_module.h>\n"), IsEmpty());
  EXPECT_THAT(check("sdk/sample/sample.c", "#include <pthread.h>\n"), on_line(1));
  EXPECT_THAT(check("sdk/sample_test.cc", "#include <thread>\n"), IsEmpty());
}

TEST(Core, TouchesNothing) {
  const auto check = [](std::string path, std::string_view text) {
    return core_touches_nothing(File::of(std::move(path), text));
  };
  EXPECT_THAT(check("src/core/pool.cc", "#include <fstream>\n"), on_line(1));
  EXPECT_THAT(check("src/core/pool.cc", "auto t = std::chrono::steady_clock::now();\n"),
              on_line(1));
  for (const char* line :
       {"#include <cstdio>", "#include <unistd.h>", "#include <sys/stat.h>",
        "auto t = ::time(nullptr);", "auto t = time(nullptr);", "FILE* f = fopen(name, \"r\");"}) {
    EXPECT_THAT(check("src/core/pool.cc", line), on_line(1)) << line;
  }
  EXPECT_THAT(check("src/core/pool.cc", "auto t = parse_time(text);\n"), IsEmpty());
  EXPECT_THAT(check("src/core/error.cc", "#include <cstdio>\n"), IsEmpty());
  EXPECT_THAT(check("src/core/pool.cc", "// no <fstream> here\n"), IsEmpty());
  EXPECT_THAT(check("src/core/pool_test.cc", "#include <thread>\n"), IsEmpty());
  EXPECT_THAT(check("src/book/book.cc", "#include <thread>\n"), IsEmpty());
}

TEST(Examples, HaveWhatAStrangerHas) {
  const auto check = [](std::string path, std::string_view text) {
    return example_is_a_strangers(File::of(std::move(path), text));
  };
  EXPECT_THAT(check("examples/embed.cc", "#include \"berth/book.h\"\n"), IsEmpty());
  EXPECT_THAT(check("examples/embed.cc", "#include \"core/quote.h\"\n"), on_line(1));
  EXPECT_THAT(check("src/book/book.cc", "#include \"core/quote.h\"\n"), IsEmpty());
}

TEST(Waiting, IsDoneByConditions) {
  const auto check = [](std::string_view text) {
    return waits_soundly(File::of("src/store/disk.cc", text));
  };
  EXPECT_THAT(check("#include <latch>\n"), on_line(1));
  EXPECT_THAT(check("#include <future>\n#include <stop_token>\n"), on_line(2));
  EXPECT_THAT(check("#include <condition_variable>\n// no <latch> here\n"), IsEmpty());
}

TEST(Sources, AskForNoSystem) {
  const auto check = [](std::string_view text) {
    return asks_for_no_system(File::of("src/store/disk.cc", text));
  };
  EXPECT_THAT(check("#ifdef _WIN32\n"), on_line(1));
  EXPECT_THAT(check("#if defined(__linux__)\n"), on_line(1));
  EXPECT_THAT(check("#if 0\n// _WIN32\n"), IsEmpty());
  EXPECT_THAT(check("#if _WIN32_WINNT < 0x0601\n"), IsEmpty());
  EXPECT_THAT(asks_for_no_system(File::of("sdk/include/ras_admin/types.h", "#ifdef _WIN32\n")),
              IsEmpty());
}

TEST(Sources, BeginWithTheirStory) {
  const auto check = [](std::string_view text) {
    return begins_with_its_story(File::of("src/core/pool.h", text));
  };
  EXPECT_THAT(check("// pool.h - one range.\n"), IsEmpty());
  EXPECT_THAT(check("// pools.h - one range.\n"), on_line(1));
  EXPECT_THAT(check("// pool.h - \n"), on_line(1));
  EXPECT_THAT(check(""), on_line(1));
}

TEST(Headers, AreReadOnce) {
  const auto check = [](std::string path, std::string_view text) {
    return is_a_proper_header(File::of(std::move(path), text));
  };
  EXPECT_THAT(check("src/core/pool.h", "// pool.h - x\n#pragma once\nint a;\n"), IsEmpty());
  EXPECT_THAT(check("src/core/pool.h", "#ifndef POOL_H\n"), on_line(1));
  EXPECT_THAT(check("src/core/pool.cc", "int a;\n"), IsEmpty());
}

TEST(PublicHeaders, AreManualsInTheSdkToo) {
  EXPECT_THAT(is_a_proper_header(File::of("sdk/include/ras_admin/types.h", "#pragma once\nint a;")),
              SizeIs(1));
}

TEST(PublicHeaders, AreManuals) {
  const std::string begin = "// lease.h - x\n#pragma once\n";
  const std::string code = "int a;\nint b;\nint c;\n\nint d;\n";
  const Findings bare = is_a_proper_header(File::of("include/berth/lease.h", begin + code));
  ASSERT_THAT(bare, SizeIs(1));
  EXPECT_THAT(bare[0].what_to_do, HasSubstr("1 of 6"));
  EXPECT_THAT(is_a_proper_header(
                  File::of("include/berth/lease.h", begin + code + "int e;  // what it is\n")),
              IsEmpty());
}

TEST(Lines, FitThePage) {
  const auto check = [](std::string_view text) { return fits_the_page(File::of("a.cc", text)); };
  EXPECT_THAT(check(std::string(100, 'x')), IsEmpty());
  EXPECT_THAT(check("\n" + std::string(101, 'x')), on_line(2));
  EXPECT_THAT(check(std::string(98, 'x') + "\u2190\u2190"), IsEmpty());
  EXPECT_THAT(check("\tint a;"), on_line(1));
  EXPECT_THAT(check("int a; "), on_line(1));
}

TEST(Files, AreOneIdeaLong) {
  const auto check = [](std::size_t lines) {
    return is_one_idea_long(File::of("src/core/pool.cc", std::string(lines, '\n')));
  };
  EXPECT_THAT(check(700), IsEmpty());
  EXPECT_THAT(check(701), on_line(701));
}

}  // namespace
}  // namespace house
