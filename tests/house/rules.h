// rules.h - the rules of the house that a program can check.
//
// Each rule looks at one file, or at the list of rooms, and returns what breaks it, in words
// that say what to do. house_test.cc puts the whole tree to them, so they run with every other
// test; rules_test.cc shows on small strings that each of them bites. What a rule allows is a
// table at the top of rules.cc: to allow more, add a row there, with its reason.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace house {

// A text file. Its path begins at the top of the tree: "src/core/pool.h".
struct File {
  std::string path;
  std::vector<std::string> lines;

  static File of(std::string path, std::string_view text);
};

// What breaks a rule, and where.
struct Finding {
  std::string path;
  std::size_t line;  // from 1, as editors count
  std::string what_to_do;
};
using Findings = std::vector<Finding>;

// A room as CMakeLists.txt declares it: berth_room(book DEPENDS store).
struct Room {
  std::string name;
  std::string folder;                // "src/book"
  std::size_t line;                  // of the declaration
  std::vector<std::string> depends;  // as written; rooms and libraries of others alike
};
std::vector<Room> rooms_of(const File& cmake_lists);

// Dependencies point one way: a room depends on rooms declared above it.
Findings rooms_in_order(const std::vector<Room>& rooms);

// A file includes files of its own room, of the rooms that this one depends on directly or
// through others, and of include/berth; each by its full name. What lies in no room (bench,
// fuzz, whole-system tests) may include any.
Findings includes_only_what_its_room_may(const File& file, const std::vector<Room>& rooms);

// Each library of others is known in a few places, so that it can be replaced.
Findings includes_libraries_where_allowed(const File& file);

// include/berth stands alone: a stranger needs it and a compiler.
Findings public_header_stands_alone(const File& file);

// So does sdk: its headers and its sample need each other, a C compiler and, in the file named for
// Windows, the headers of Windows. What includes them are the rooms that speak with modules.
Findings sdk_stands_alone(const File& file);

// src/core opens nothing, waits for nothing and reads no clock; its tests may.
Findings core_touches_nothing(const File& file);

// examples/ shows what a stranger can do, who has include/berth and other libraries.
Findings example_is_a_strangers(const File& file);

// One system's code is a file named for it (_posix.cc, _windows.cc), never an #if in the story. An
// author's compiler picks no files, so one header of the SDK asks for it.
Findings asks_for_no_system(const File& file);

// What waits by atomics (latches, barriers, semaphores, stop tokens) misses a wake-up now and then
// where g++ 12 has no futexes: on Windows. Conditions and promises do not.
Findings waits_soundly(const File& file);

// A source says in its first line what it is: // pool.h - one range of addresses.
Findings begins_with_its_story(const File& file);

// A header is read once; a public one is a manual, so a good part of it is comment.
Findings is_a_proper_header(const File& file);

// At most 100 columns, no tabs, nothing invisible at the end of a line.
Findings fits_the_page(const File& file);

// A very long file holds a second idea.
Findings is_one_idea_long(const File& file);

}  // namespace house
