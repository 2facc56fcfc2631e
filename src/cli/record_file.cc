// record_file.cc - reads records, and says which line is wrong.
#include "cli/record_file.h"

#include <boost/json/parse.hpp>

#include "cli/words.h"
#include "core/quote.h"
#include "text/json_list.h"
#include "wire/words.h"

namespace berth::cli {

namespace {

namespace json = boost::json;

using Each = std::function<Done(const Record&)>;
using At = std::function<void(std::uint64_t)>;

Done hand_over(const Record& record, const RecordFile& file, const Each& each) {
  Done done = each(record);
  if (done) return {};
  return std::unexpected(error_at(file.name, record.line, done.error().what, done.error().remedy));
}

Done read_csv(std::istream& in, const RecordFile& file, const Each& each, const At& at) {
  CsvReader reader(in, file.name);
  CsvRow row;
  Result<bool> more = reader.next(row);
  if (!more) return std::unexpected(more.error());
  if (!*more) return std::unexpected(reader.at(1, "the file is empty", std::string(file.remedy)));
  Result<std::vector<int>> places = find_columns(reader, row, file.columns);
  if (!places) return std::unexpected(places.error());
  std::size_t width = row.fields.size();

  Record record;
  while (true) {
    more = reader.next(row);
    if (!more) return std::unexpected(more.error());
    if (!*more) return {};
    if (row.fields.size() != width) {
      return std::unexpected(reader.at(row.line,
                                       std::to_string(row.fields.size()) +
                                           " fields where the "
                                           "first line has " +
                                           std::to_string(width),
                                       "leave an empty field for what is not there: ana,,,"));
    }
    record.line = row.line;
    record.fields.clear();
    for (int place : *places) {
      record.fields.push_back(place < 0 ? std::string_view()
                                        : row.fields[static_cast<std::size_t>(place)]);
    }
    if (Done done = hand_over(record, file, each); !done) return done;
    at(reader.bytes_read());
  }
}

Done read_field(Record& record, const RecordFile& file, std::string_view key,
                const json::value& value) {
  for (std::size_t i = 0; i < file.columns.size(); ++i) {
    if (key != file.columns[i].name) continue;
    if (value.is_null()) return {};
    const json::string* text = value.if_string();
    if (text == nullptr) return fail(Code::invalid, berth::quoted(key) + " is no text");
    record.fields[i] = {text->data(), text->size()};
    return {};
  }
  return fail(Code::invalid, "no field is called " + berth::quoted(key), std::string(file.remedy));
}

Done read_element(const JsonElement& element, const RecordFile& file, const Each& each) {
  auto wrong = [&](std::string_view what, std::string remedy) {
    return std::unexpected(error_at(file.name, element.line, what, std::move(remedy)));
  };
  boost::system::error_code failed;
  json::value value = json::parse(element.text, failed);
  if (failed) return wrong("this is not JSON: " + failed.message(), "");
  Record record{.line = element.line, .fields = std::vector<std::string_view>(file.columns.size())};
  for (const auto& [key, field] : value.as_object()) {
    if (Done read = read_field(record, file, {key.data(), key.size()}, field); !read) {
      return wrong(read.error().what, read.error().remedy);
    }
  }
  return hand_over(record, file, each);
}

Done read_json(std::istream& in, const RecordFile& file, const Each& each, const At& at) {
  JsonListReader reader(in, file.name);
  for (JsonElement element;;) {
    Result<bool> more = reader.next(element);
    if (!more) return std::unexpected(more.error());
    if (!*more) return {};
    if (Done done = read_element(element, file, each); !done) return done;
    at(reader.bytes_read());
  }
}

template <class T, class Parse>
Done read_into(std::optional<T>& place, std::string_view text, Parse parse) {
  if (text.empty()) return {};
  Result<T> parsed = parse(text);
  if (!parsed) return std::unexpected(parsed.error());
  place = *parsed;
  return {};
}

}  // namespace

Result<FileFormat> format_of(std::string_view asked, std::string_view file) {
  if (asked.empty()) return file.ends_with(".json") ? FileFormat::json : FileFormat::csv;
  if (asked == "csv") return FileFormat::csv;
  if (asked == "json") return FileFormat::json;
  return fail(Code::invalid, berth::quoted(asked) + " is no format", "say csv or json");
}

Error error_at(std::string_view file, std::uint64_t line, std::string_view what,
               std::string remedy) {
  return {Code::import_invalid,
          std::string(file) + ":" + std::to_string(line) + ": " + std::string(what),
          std::move(remedy)};
}

Done read_records(std::istream& in, const RecordFile& file, const Each& each, const At& at) {
  switch (file.format) {
    case FileFormat::csv: return read_csv(in, file, each, at);
    case FileFormat::json: return read_json(in, file, each, at);
  }
  BERTH_ASSERT(!"every format has a reader");
}

Result<Addresses> read_addresses(std::string_view ipv4, std::string_view ipv6,
                                 std::string_view delegated) {
  Addresses addresses;
  for (const Done& done : {read_into(addresses.ipv4, ipv4, Ipv4::parse),
                           read_into(addresses.ipv6, ipv6, parse_ipv6_or_prefix),
                           read_into(addresses.delegated, delegated, Ipv6Prefix::parse)}) {
    if (!done) return std::unexpected(done.error());
  }
  return addresses;
}

}  // namespace berth::cli
