// csv.h - comma-separated values as RFC 4180 has them, read and written row by row.
//
// Fields may stand in double quotes; inside, a quote is doubled, and commas and line breaks are
// data. Lines end in LF or CRLF, the last one perhaps in neither. A byte-order mark in front is
// passed over, and so are empty lines. Nothing looser: a quote in the middle of a field, or text
// behind a closing one, is an error that says where, "users.csv:7:12: …".
//
//   CsvReader reader(file, "users.csv");
//   CsvRow header;
//   Result<bool> more = reader.next(header);
//   Result<std::vector<int>> at = find_columns(reader, header, kColumns);
//   for (CsvRow row; *(more = reader.next(row));) use(row.fields[(*at)[0]]);
//
// A reader holds one row and a block of the file, whatever the file's size. Bytes are taken as
// they are: whether they are UTF-8 is for whoever knows what a field means. One thread.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "berth/error.h"

namespace berth {

// What a row may be at most. Longer ones are an error, not a cut.
inline constexpr std::size_t kMaxCsvRowBytes = 64 * 1024;
inline constexpr std::size_t kMaxCsvFields = 256;

struct CsvRow {
  std::uint64_t line = 0;                // where the row begins, from 1
  std::vector<std::string_view> fields;  // without quotes; valid until the next row is read
};

class CsvReader {
 public:
  // `name` stands for the file in errors. `in` must outlive the reader.
  CsvReader(std::istream& in, std::string name);
  ~CsvReader();
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  // Reads a row; false at the end. import_invalid: what stands there is not CSV, or too long;
  // nothing more can be read then. store_unavailable: the file cannot be read.
  [[nodiscard]] Result<bool> next(CsvRow& row);

  // How many bytes of the file have been read so far, for a progress bar.
  [[nodiscard]] std::uint64_t bytes_read() const;

  // An import_invalid error about this line: "users.csv:7: <what>".
  [[nodiscard]] Error at(std::uint64_t line, std::string_view what, std::string remedy = {}) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct CsvColumn {
  enum class Need : std::uint8_t { required, optional };
  std::string_view name;
  Need need = Need::required;
};

// Where each of `columns` stands in a header row, in their order; -1 for an optional one that is
// not there. import_invalid: a required one is missing, one is twice or unknown.
[[nodiscard]] Result<std::vector<int>> find_columns(const CsvReader& reader, const CsvRow& header,
                                                    std::span<const CsvColumn> columns);

// Writes one row, with quotes only where they are needed. The line ends in LF, which every
// reader of CSV takes and the tools of a shell need.
void write_csv_row(std::ostream& out, std::span<const std::string_view> fields);

}  // namespace berth
