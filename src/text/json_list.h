// json_list.h - the elements of a long JSON array, one after another, with their lines.
//
// Finds where each object of `[{…}, {…}]` begins and ends, without reading what is inside: that is
// for a JSON parser, which gets the text of one element. So a list of any length costs the memory
// of one element, and an error can name a line. Objects one behind another without the array
// around them (JSON lines) are taken too.
//
//   JsonListReader reader(file, "users.json");
//   for (JsonElement element; *(more = reader.next(element));) parse(element.text);
//
// One thread.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "berth/error.h"

namespace berth {

inline constexpr std::size_t kMaxJsonElementBytes = 64 * 1024;

struct JsonElement {
  std::uint64_t line = 0;  // where it begins, from 1
  std::string text;        // from { to }, both included
};

class JsonListReader {
 public:
  // `name` stands for the file in errors. `in` must outlive the reader.
  JsonListReader(std::istream& in, std::string name);

  // Reads the next element; false at the end. A byte order mark is skipped. import_invalid: what
  // stands there is no list of objects, or nothing at all, or an object is too long; nothing more
  // can be read then. store_unavailable: the file cannot be read.
  [[nodiscard]] Result<bool> next(JsonElement& element);

  // How many bytes of the file have been read so far, for a progress bar.
  [[nodiscard]] std::uint64_t bytes_read() const { return consumed_; }

  // An import_invalid error about this line: "users.json:7: <what>".
  [[nodiscard]] Error at(std::uint64_t line, std::string_view what, std::string remedy = {}) const;

 private:
  enum class Place : std::uint8_t { start, in_array, after_array, in_lines, stopped };

  [[nodiscard]] int peek() const;
  int take();
  int skip_blanks();
  [[nodiscard]] Done read_object(JsonElement& element);
  [[nodiscard]] std::unexpected<Error> wrong(std::string_view what);

  std::istream& in_;
  std::string name_;
  Place place_ = Place::start;
  bool first_ = true;  // no element has been read yet
  std::uint64_t consumed_ = 0;
  std::uint64_t line_ = 1;
};

}  // namespace berth
