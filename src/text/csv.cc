// csv.cc - the CSV reader: one pass over the bytes, a row at a time.
#include "text/csv.h"

#include <algorithm>
#include <array>
#include <istream>
#include <optional>
#include <ostream>
#include <utility>

#include "core/quote.h"

namespace berth {

namespace {

constexpr std::size_t kBlock = 64 * 1024;
constexpr int kEnd = -1;                            // no byte is left
constexpr std::string_view kMark = "\xEF\xBB\xBF";  // of byte order; some programs begin with it

}  // namespace

// The row is gathered in `text`, its fields one behind another; `ends` says where each stops.
// Only when the row is whole are views made of them, since `text` moves while it grows.
struct CsvReader::State {
  State(std::istream& stream, std::string file) : in(stream), name(std::move(file)) {}

  [[nodiscard]] int peek();
  int take();
  void skip_mark();
  [[nodiscard]] bool at_line_break();
  [[nodiscard]] Done take_line_break();
  [[nodiscard]] Done read_field();
  [[nodiscard]] Done read_quoted();
  [[nodiscard]] Done read_plain();
  [[nodiscard]] Done add(int byte);
  [[nodiscard]] std::unexpected<Error> wrong(std::string_view what, std::string remedy = {});

  std::istream& in;
  std::string name;
  std::array<char, kBlock> block{};
  std::size_t next = 0;  // in block
  std::size_t size = 0;  // of block
  std::uint64_t consumed = 0;
  std::uint64_t line = 1;
  std::uint64_t column = 1;  // in bytes, as compilers count
  std::string text;
  std::vector<std::size_t> ends;
  bool started = false;
  std::optional<Error> stopped;  // after an error the place in the file means nothing any more
};

CsvReader::CsvReader(std::istream& in, std::string name)
    : state_(std::make_unique<State>(in, std::move(name))) {}

CsvReader::~CsvReader() = default;

Result<bool> CsvReader::next(CsvRow& row) {
  State& state = *state_;
  row.fields.clear();
  if (state.stopped) return std::unexpected(*state.stopped);
  if (!std::exchange(state.started, true)) state.skip_mark();
  while (state.at_line_break()) {
    if (Done taken = state.take_line_break(); !taken) return std::unexpected(taken.error());
  }
  row.line = state.line;
  if (state.peek() == kEnd) {
    if (!state.in.bad()) return false;
    state.stopped = Error{Code::store_unavailable, "cannot read " + state.name, "read it again"};
    return std::unexpected(*state.stopped);
  }

  state.text.clear();
  state.ends.clear();
  while (true) {
    if (state.ends.size() == kMaxCsvFields) {
      return state.wrong("more than " + std::to_string(kMaxCsvFields) + " fields in a row");
    }
    if (Done read = state.read_field(); !read) return std::unexpected(read.error());
    state.ends.push_back(state.text.size());
    if (state.peek() != ',') break;
    state.take();
  }
  if (state.at_line_break()) {
    if (Done taken = state.take_line_break(); !taken) return std::unexpected(taken.error());
  }

  std::size_t begin = 0;
  for (std::size_t end : state.ends) {
    row.fields.push_back(std::string_view(state.text).substr(begin, end - begin));
    begin = end;
  }
  return true;
}

std::uint64_t CsvReader::bytes_read() const { return state_->consumed; }

Error CsvReader::at(std::uint64_t line, std::string_view what, std::string remedy) const {
  return {Code::import_invalid,
          state_->name + ":" + std::to_string(line) + ": " + std::string(what), std::move(remedy)};
}

int CsvReader::State::peek() {
  if (next == size) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    size = static_cast<std::size_t>(in.gcount());
    next = 0;
    if (size == 0) return kEnd;
  }
  return static_cast<unsigned char>(block[next]);
}

// The first block holds the whole mark if there is one.
void CsvReader::State::skip_mark() {
  if (peek() == kEnd || !std::string_view(block.data(), size).starts_with(kMark)) return;
  next = kMark.size();
  consumed = kMark.size();
}

int CsvReader::State::take() {
  int byte = peek();
  if (byte == kEnd) return kEnd;
  ++next;
  ++consumed;
  ++column;
  if (byte == '\n') {
    ++line;
    column = 1;
  }
  return byte;
}

bool CsvReader::State::at_line_break() {
  int byte = peek();
  return byte == '\n' || byte == '\r';
}

Done CsvReader::State::take_line_break() {
  if (peek() == '\r') take();
  if (peek() != '\n') return wrong("a carriage return without a line feed");
  take();
  return {};
}

Done CsvReader::State::read_field() { return peek() == '"' ? read_quoted() : read_plain(); }

Done CsvReader::State::read_quoted() {
  std::uint64_t opened = line;
  take();
  while (true) {
    int byte = take();
    if (byte == kEnd) {
      return wrong("the quote that opens in line " + std::to_string(opened) + " is never closed");
    }
    if (byte == '"') {
      if (peek() != '"') break;
      take();
    }
    if (Done added = add(byte); !added) return added;
  }
  if (peek() == ',' || peek() == kEnd || at_line_break()) return {};
  return wrong("text behind a closing quote", "double a quote that belongs to the text: \"\"");
}

Done CsvReader::State::read_plain() {
  while (peek() != ',' && peek() != kEnd && !at_line_break()) {
    if (peek() == '"') {
      return wrong("a quote inside a field that does not begin with one",
                   "put the whole field in quotes, and double the quotes inside");
    }
    if (Done added = add(take()); !added) return added;
  }
  return {};
}

Done CsvReader::State::add(int byte) {
  if (text.size() == kMaxCsvRowBytes) {
    return wrong("a row of more than " + std::to_string(kMaxCsvRowBytes) + " bytes",
                 "look for a quote that is never closed");
  }
  text.push_back(static_cast<char>(byte));
  return {};
}

std::unexpected<Error> CsvReader::State::wrong(std::string_view what, std::string remedy) {
  stopped = Error{
      Code::import_invalid,
      name + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + std::string(what),
      std::move(remedy)};
  return std::unexpected(*stopped);
}

Result<std::vector<int>> find_columns(const CsvReader& reader, const CsvRow& header,
                                      std::span<const CsvColumn> columns) {
  std::string known;
  for (const CsvColumn& column : columns) {
    known += (known.empty() ? "" : ",") + std::string(column.name);
  }
  std::string remedy = "the first line names the columns, of " + known;

  std::vector<int> places(columns.size(), -1);
  for (std::size_t i = 0; i < header.fields.size(); ++i) {
    auto same = [&](const CsvColumn& column) { return column.name == header.fields[i]; };
    auto found = std::ranges::find_if(columns, same);
    if (found == columns.end()) {
      return std::unexpected(
          reader.at(header.line, "no column is called " + quoted(header.fields[i]), remedy));
    }
    int& place = places[static_cast<std::size_t>(found - columns.begin())];
    if (place != -1) {
      return std::unexpected(
          reader.at(header.line, "column " + std::string(found->name) + " is there twice", remedy));
    }
    place = static_cast<int>(i);
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (places[i] == -1 && columns[i].need == CsvColumn::Need::required) {
      return std::unexpected(
          reader.at(header.line, "column " + std::string(columns[i].name) + " is missing", remedy));
    }
  }
  return places;
}

void write_csv_row(std::ostream& out, std::span<const std::string_view> fields) {
  // One empty field alone would be an empty line, and a mark of byte order in front none of the
  // text; a reader passes over both.
  bool guarded = !fields.empty() &&
                 (fields[0].starts_with(kMark) || (fields.size() == 1 && fields[0].empty()));
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out << ',';
    std::string_view field = fields[i];
    bool plain = field.find_first_of(",\"\r\n") == std::string_view::npos;
    if (plain && (i != 0 || !guarded)) {
      out << field;
      continue;
    }
    out << '"';
    for (char c : field) {
      if (c == '"') out << '"';
      out << c;
    }
    out << '"';
  }
  out << '\n';
}

}  // namespace berth
