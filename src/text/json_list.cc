// json_list.cc - finds the objects of a JSON array by counting its brackets.
#include "text/json_list.h"

#include <istream>
#include <utility>

namespace berth {

namespace {

constexpr int kEnd = std::char_traits<char>::eof();
constexpr int kMark[] = {0xEF, 0xBB, 0xBF};  // of byte order; some programs begin with it

}  // namespace

JsonListReader::JsonListReader(std::istream& in, std::string name)
    : in_(in), name_(std::move(name)) {}

Result<bool> JsonListReader::next(JsonElement& element) {
  if (place_ == Place::stopped) return wrong("reading stopped at an error");
  if (place_ == Place::start && peek() == kMark[0]) {
    for (int part : kMark) {
      if (peek() != part) return wrong("half a byte order mark");
      take();
    }
  }
  int byte = skip_blanks();
  if (place_ == Place::start) {
    if (byte == kEnd && !in_.bad()) return wrong("the file is empty");
    place_ = byte == '[' ? Place::in_array : Place::in_lines;
    if (byte == '[') {
      take();
      byte = skip_blanks();
    }
  }
  if (place_ == Place::in_array) {
    if (byte == ']') {
      take();
      place_ = Place::after_array;
      byte = skip_blanks();
    } else if (!first_ && byte != kEnd) {
      if (byte != ',') return wrong("a comma or ] is missing behind an object");
      take();
      byte = skip_blanks();
    }
  }
  if (byte == kEnd) {
    if (in_.bad()) {
      place_ = Place::stopped;
      return fail(Code::store_unavailable, "cannot read " + name_, "read it again");
    }
    if (place_ == Place::in_array) return wrong("the list is never closed with ]");
    return false;
  }
  if (place_ == Place::after_array) return wrong("text behind the list");
  if (byte != '{') return wrong("an object is expected here: {\"user\": …}");
  first_ = false;
  if (Done read = read_object(element); !read) return std::unexpected(read.error());
  return true;
}

Error JsonListReader::at(std::uint64_t line, std::string_view what, std::string remedy) const {
  return {Code::import_invalid, name_ + ":" + std::to_string(line) + ": " + std::string(what),
          std::move(remedy)};
}

int JsonListReader::peek() const { return in_.good() ? in_.rdbuf()->sgetc() : kEnd; }

int JsonListReader::take() {
  int byte = in_.rdbuf()->sbumpc();
  ++consumed_;
  if (byte == '\n') ++line_;
  return byte;
}

// The byte behind the blanks, which stays where it is.
int JsonListReader::skip_blanks() {
  int byte = peek();
  while (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n') {
    take();
    byte = peek();
  }
  return byte;
}

// Brackets inside a string count for nothing, and neither does a quote behind a backslash.
Done JsonListReader::read_object(JsonElement& element) {
  element.line = line_;
  element.text.clear();
  int depth = 0;
  bool in_string = false;
  do {
    if (peek() == kEnd) return wrong("an object is never closed with }");
    if (element.text.size() >= kMaxJsonElementBytes) {
      return wrong("an object of more than " + std::to_string(kMaxJsonElementBytes) + " bytes");
    }
    char c = static_cast<char>(take());
    element.text.push_back(c);
    if (in_string) {
      if (c == '\\' && peek() != kEnd) element.text.push_back(static_cast<char>(take()));
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}') {
      --depth;
    }
  } while (depth > 0);
  return {};
}

std::unexpected<Error> JsonListReader::wrong(std::string_view what) {
  place_ = Place::stopped;
  return std::unexpected(at(line_, what, "the file is a list: [{\"user\": \"ana\", …}, …]"));
}

}  // namespace berth
