// rules.cc - how each rule of the house is checked.
#include "house/rules.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <sstream>
#include <utility>

namespace house {
namespace {

// Where a library of others may be included: in paths that begin with one of `places`, or in
// files whose name ends, before the dot, with one of `endings`. The first row that fits counts.
struct Library {
  std::string_view header;
  std::vector<std::string_view> places;
  std::vector<std::string_view> endings;
};
const std::vector<Library> kLibraries = {
    {"sqlite3.h", {"src/store/", "bench/"}, {}},
    {"toml++/", {"src/settings/"}, {}},
    {"CLI/", {"src/cli/", "src/rashost/", "src/server/"}, {}},
    {"boost/json",
     {"src/cli/", "src/text/", "src/check/", "src/rashost/", "src/wire/", "src/client/",
      "src/server/", "tests/berthd"},
     {}},
    {"boost/", {"src/", "plugins/", "tests/", "bench/", "fuzz/"}, {}},
    {"fmt/", {"src/", "plugins/", "tests/", "bench/", "fuzz/"}, {}},
    {"gtest/", {"tests/"}, {"_test"}},
    {"gmock/", {"tests/"}, {"_test"}},
    {"rapidcheck", {"tests/"}, {"_property_test"}},
    {"benchmark/", {"bench/"}, {}},
    {"ras_admin", {"sdk/", "src/ras/", "plugins/", "tests/", "bench/"}, {}},
};

// Files that may be longer than kLongest, each with its reason in a comment. None yet.
const std::vector<std::string_view> kLongFiles = {};
constexpr std::size_t kLongest = 700;
constexpr std::size_t kWidest = 100;

// Of a public header's lines that are not blank, this many in a hundred say something to its
// reader. The ones we admire have 30 to 44; below this nobody can use it without the sources.
constexpr std::size_t kLeastComment = 20;

constexpr std::string_view kTouching[] = {"<condition_variable>",
                                          "<cstdio>",
                                          "<ctime>",
                                          "<filesystem>",
                                          "<fstream>",
                                          "<future>",
                                          "<iostream>",
                                          "<mutex>",
                                          "<random>",
                                          "<semaphore>",
                                          "<shared_mutex>",
                                          "<stop_token>",
                                          "<sys/",
                                          "<thread>",
                                          "<unistd.h>",
                                          "_clock::now",
                                          "clock_gettime(",
                                          "::time(",
                                          " time(",
                                          "fopen(",
                                          "getenv("};
// A failed assertion must say so to somebody before it stops the process; and memory, which all
// of it needs, comes from the system.
constexpr std::string_view kMayTouch[] = {"src/core/error.cc", "src/core/pieces_posix.cc"};

constexpr std::string_view kSystems[] = {"_WIN32", "__linux__", "__unix__", "__MINGW32__"};
// Authors of modules compile it by hand, for either system.
constexpr std::string_view kMayAskForSystem[] = {"sdk/include/ras_admin/types.h"};

// What a module may include besides the SDK, so that a C compiler is all it needs.
constexpr std::string_view kHeadersOfC[] = {"stdatomic.h", "stddef.h", "stdint.h", "string.h"};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// _WIN32 is not a word of _WIN32_WINNT.
bool has_word(std::string_view line, std::string_view word) {
  constexpr std::string_view kLetters =
      "_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const auto at = line.find(word);
  if (at == std::string_view::npos) return false;
  const auto end = at + word.size();
  return end == line.size() || kLetters.find(line[end]) == std::string_view::npos;
}

bool is_comment(std::string_view line) { return trimmed(line).starts_with("//"); }

bool has_comment(std::string_view line) {
  return is_comment(line) || line.find(" // ") != std::string_view::npos;
}

std::string stem_of(const File& file) { return std::filesystem::path(file.path).stem().string(); }
bool is_header(const File& file) { return file.path.ends_with(".h"); }
bool is_public(const File& file) {
  return file.path.starts_with("include/berth/") || file.path.starts_with("sdk/include/");
}

// An #include: <name> or "name".
struct Include {
  std::string_view name;
  bool quoted;
};

std::optional<Include> include_in(std::string_view line) {
  line = trimmed(line);
  if (!line.starts_with("#include")) return std::nullopt;
  const auto open = line.find_first_of("\"<");
  const auto close = line.find_last_of("\">");
  if (open == std::string_view::npos || close <= open) return std::nullopt;
  return Include{line.substr(open + 1, close - open - 1), line[open] == '"'};
}

// Calls each(include, line number) for every #include of `file`.
template <class Each>
void for_each_include(const File& file, Each each) {
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    if (const auto include = include_in(file.lines[i])) each(*include, i + 1);
  }
}

const Room* room_called(std::string_view name, const std::vector<Room>& rooms) {
  const auto found = std::ranges::find(rooms, name, &Room::name);
  return found == rooms.end() ? nullptr : &*found;
}

const Room* room_of(const File& file, const std::vector<Room>& rooms) {
  const auto found = std::ranges::find_if(
      rooms, [&](const Room& room) { return file.path.starts_with(room.folder + "/"); });
  return found == rooms.end() ? nullptr : &*found;
}

// Follows only rooms declared above, so that a circle, a finding of its own, ends here.
bool reaches(const Room& from, std::string_view name, const std::vector<Room>& rooms) {
  if (from.name == name) return true;
  return std::ranges::any_of(from.depends, [&](const std::string& next) {
    const Room* room = room_called(next, rooms);
    return room != nullptr && room->line < from.line && reaches(*room, name, rooms);
  });
}

// The words between the brackets of the call that begins on line `at`, comments left out.
std::vector<std::string> words_of_call(const std::vector<std::string>& lines, std::size_t at) {
  std::string call;
  for (; at < lines.size() && call.find(')') == std::string::npos; ++at) {
    call += ' ' + lines[at].substr(0, lines[at].find('#'));
  }
  call = call.substr(0, call.find(')'));
  std::istringstream stream(call.substr(call.find('(') + 1));
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

// The words that follow `key`; none where it is missing.
std::vector<std::string> words_after(const std::vector<std::string>& words, std::string_view key) {
  const auto found = std::ranges::find(words, key);
  if (found == words.end()) return {};
  return {found + 1, words.end()};
}

// Columns, not bytes: of a UTF-8 sign only the first byte does not look like 10xxxxxx.
std::size_t columns(std::string_view line) {
  return static_cast<std::size_t>(std::ranges::count_if(
      line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

File File::of(std::string path, std::string_view text) {
  File file{std::move(path), {}};
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    file.lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return file;
}

std::vector<Room> rooms_of(const File& cmake_lists) {
  std::vector<Room> rooms;
  for (std::size_t i = 0; i < cmake_lists.lines.size(); ++i) {
    if (!cmake_lists.lines[i].starts_with("berth_room(")) continue;
    const std::vector<std::string> words = words_of_call(cmake_lists.lines, i);
    if (words.empty()) continue;
    const std::vector<std::string> in = words_after(words, "IN");
    rooms.push_back(
        {words[0], in.empty() ? "src/" + words[0] : in[0], i + 1, words_after(words, "DEPENDS")});
  }
  return rooms;
}

Findings rooms_in_order(const std::vector<Room>& rooms) {
  Findings findings;
  for (const Room& room : rooms) {
    for (const std::string& name : room.depends) {
      const Room* other = room_called(name, rooms);
      if (other == nullptr || other->line < room.line) continue;
      findings.push_back({"CMakeLists.txt", room.line,
                          room.name + " depends on " + name +
                              ", which is not above it; dependencies point one way"});
    }
  }
  return findings;
}

Findings includes_only_what_its_room_may(const File& file, const std::vector<Room>& rooms) {
  Findings findings;
  const Room* mine = room_of(file, rooms);
  if (mine == nullptr && file.path.starts_with("src/")) {
    findings.push_back({file.path, 1, "lies in no room; declare it in CMakeLists.txt"});
  }
  for_each_include(file, [&](const Include& include, std::size_t line) {
    const std::string name(include.name);
    const auto slash = name.find('/');
    if (name.find("..") != std::string::npos || (include.quoted && slash == std::string::npos)) {
      findings.push_back({file.path, line, "name " + name + " in full, as \"room/file.h\""});
      return;
    }
    const std::string room = name.substr(0, slash);
    if (mine == nullptr || room_called(room, rooms) == nullptr) return;
    if (reaches(*mine, room, rooms)) return;
    findings.push_back({file.path, line,
                        mine->name + " does not depend on " + room +
                            "; let the other side include, or move what both need further in"});
  });
  return findings;
}

Findings includes_libraries_where_allowed(const File& file) {
  Findings findings;
  const std::string stem = stem_of(file);
  for_each_include(file, [&](const Include& include, std::size_t line) {
    const auto library = std::ranges::find_if(
        kLibraries, [&](const Library& row) { return include.name.starts_with(row.header); });
    if (library == kLibraries.end()) return;
    const auto is_here = [&](std::string_view place) { return file.path.starts_with(place); };
    const auto is_named = [&](std::string_view ending) { return stem.ends_with(ending); };
    if (std::ranges::any_of(library->places, is_here)) return;
    if (std::ranges::any_of(library->endings, is_named)) return;
    findings.push_back({file.path, line,
                        std::string(include.name) +
                            " does not belong here; ask the room that knows the library, or add "
                            "this place to kLibraries in tests/house/rules.cc"});
  });
  return findings;
}

Findings public_header_stands_alone(const File& file) {
  Findings findings;
  if (!file.path.starts_with("include/berth/")) return findings;
  for_each_include(file, [&](const Include& include, std::size_t line) {
    const bool standard = !include.quoted && include.name.find_first_of("/.") == std::string::npos;
    if (standard || include.name.starts_with("berth/")) return;
    findings.push_back(
        {file.path, line,
         std::string(include.name) + " is not public; only berth/ and the standard library are"});
  });
  return findings;
}

Findings sdk_stands_alone(const File& file) {
  Findings findings;
  if (!file.path.starts_with("sdk/include/") && !file.path.starts_with("sdk/sample/")) {
    return findings;
  }
  const bool windows = stem_of(file).ends_with("_windows");
  for_each_include(file, [&](const Include& include, std::size_t line) {
    if (include.name.starts_with("ras_admin")) return;
    if (std::ranges::find(kHeadersOfC, include.name) != std::end(kHeadersOfC)) return;
    if (windows && !include.quoted) return;
    findings.push_back({file.path, line,
                        std::string(include.name) +
                            " is not there for everybody who writes a module; do without, or add "
                            "it to kHeadersOfC in tests/house/rules.cc"});
  });
  return findings;
}

Findings core_touches_nothing(const File& file) {
  Findings findings;
  if (!file.path.starts_with("src/core/") || stem_of(file).ends_with("_test")) return findings;
  if (std::ranges::find(kMayTouch, file.path) != std::end(kMayTouch)) return findings;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    if (is_comment(file.lines[i])) continue;
    for (const std::string_view word : kTouching) {
      if (file.lines[i].find(word) == std::string::npos) continue;
      findings.push_back({file.path, i + 1,
                          "core does without " + std::string(word) +
                              ": let its caller do that and hand in the outcome"});
    }
  }
  return findings;
}

Findings example_is_a_strangers(const File& file) {
  Findings findings;
  if (!file.path.starts_with("examples/")) return findings;
  for_each_include(file, [&](const Include& include, std::size_t line) {
    if (!include.quoted || include.name.starts_with("berth/")) return;
    findings.push_back(
        {file.path, line,
         std::string(include.name) + " is not public; an example has what a stranger has: berth/"});
  });
  return findings;
}

Findings waits_soundly(const File& file) {
  Findings findings;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    for (const std::string_view header : {"<barrier>", "<latch>", "<semaphore>", "<stop_token>"}) {
      if (file.lines[i] != "#include " + std::string(header)) continue;
      findings.push_back({file.path, i + 1,
                          "no " + std::string(header) +
                              ": with g++ 12 it hangs now and then on Windows; take a "
                              "std::condition_variable or a std::promise"});
    }
  }
  return findings;
}

Findings asks_for_no_system(const File& file) {
  Findings findings;
  if (std::ranges::count(kMayAskForSystem, file.path) > 0) return findings;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const std::string_view line = trimmed(file.lines[i]);
    if (!line.starts_with("#if") && !line.starts_with("#elif")) continue;
    for (const std::string_view system : kSystems) {
      if (!has_word(line, system)) continue;
      findings.push_back(
          {file.path, i + 1,
           "no #if for a system: one header, and behind it two files that the build picks from, "
           "_posix.cc and _windows.cc"});
    }
  }
  return findings;
}

Findings begins_with_its_story(const File& file) {
  const std::string name = std::filesystem::path(file.path).filename().string();
  const std::string wanted = "// " + name + " - ";
  if (!file.lines.empty() && file.lines[0].starts_with(wanted) &&
      file.lines[0].size() > wanted.size()) {
    return {};
  }
  return {{file.path, 1, "begin with \"" + wanted + "what it is\""}};
}

Findings is_a_proper_header(const File& file) {
  Findings findings;
  if (!is_header(file)) return findings;
  if (std::ranges::find(file.lines, "#pragma once") == file.lines.end()) {
    findings.push_back({file.path, 1, "a header has #pragma once after its story"});
  }
  if (!is_public(file)) return findings;
  const auto comment = std::ranges::count_if(file.lines, has_comment);
  const auto written =
      std::ranges::count_if(file.lines, [](const auto& line) { return !trimmed(line).empty(); });
  if (comment * 100 < written * std::ptrdiff_t{kLeastComment}) {
    findings.push_back({file.path, 1,
                        "only " + std::to_string(comment) + " of " + std::to_string(written) +
                            " lines say something to its reader; a public header is the manual"});
  }
  return findings;
}

Findings fits_the_page(const File& file) {
  Findings findings;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const std::string& line = file.lines[i];
    if (const std::size_t width = columns(line); width > kWidest) {
      findings.push_back({file.path, i + 1,
                          std::to_string(width) + " columns; at most " + std::to_string(kWidest)});
    }
    if (line.find('\t') != std::string::npos) {
      findings.push_back({file.path, i + 1, "a tab; two spaces, or \\t in a string"});
    }
    if (line.ends_with(' ') || line.ends_with('\r')) {
      findings.push_back({file.path, i + 1, "invisible signs at the end of the line"});
    }
  }
  return findings;
}

Findings is_one_idea_long(const File& file) {
  if (file.lines.size() <= kLongest || std::ranges::count(kLongFiles, file.path) > 0) return {};
  return {{file.path, kLongest + 1,
           std::to_string(file.lines.size()) +
               " lines; find the second idea in it, or give the reason in kLongFiles of "
               "tests/house/rules.cc"}};
}

}  // namespace house
