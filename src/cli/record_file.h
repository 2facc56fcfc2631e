// record_file.h - files of records for people to write: CSV with a header, or a list in JSON.
//
//   user,ipv4                                [{"user": "ana", "ipv4": "10.8.0.7"},
//   ana,10.8.0.7                              {"user": "ben"}]
//
// A field that is not there is empty. What is wrong is told with its line. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "berth/error.h"
#include "berth/lease.h"
#include "text/csv.h"

namespace berth::cli {

enum class FileFormat : std::uint8_t { csv, json };

// "csv" or "json"; empty: what the name of the file says, else csv.
[[nodiscard]] Result<FileFormat> format_of(std::string_view asked, std::string_view file);

// What a file of records is like.
struct RecordFile {
  std::string name;  // stands for the file in errors
  FileFormat format = FileFormat::csv;
  std::span<const CsvColumn> columns;  // also the fields of the objects in JSON
  std::string_view remedy;             // "the fields are user and ipv4"
};

struct Record {
  std::uint64_t line = 0;
  std::vector<std::string_view> fields;  // by column; valid while it is looked at
};

// An import_invalid error about this line: "users.csv:7: <what>".
[[nodiscard]] Error error_at(std::string_view file, std::uint64_t line, std::string_view what,
                             std::string remedy = {});

// Calls for each record, in order, until one is an Error, which gets the place. `at` is told how
// many bytes have been read. import_invalid: with the line.
[[nodiscard]] Done read_records(std::istream& in, const RecordFile& file,
                                const std::function<Done(const Record&)>& each,
                                const std::function<void(std::uint64_t bytes)>& at);

// The three kinds of address as texts of a record; an empty one is left out.
[[nodiscard]] Result<Addresses> read_addresses(std::string_view ipv4, std::string_view ipv6,
                                               std::string_view delegated);

}  // namespace berth::cli
