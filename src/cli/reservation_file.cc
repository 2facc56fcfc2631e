// reservation_file.cc - reads reservations, and says which line is wrong.
#include "cli/reservation_file.h"

#include <boost/json/parse.hpp>

#include "cli/words.h"
#include "core/quote.h"
#include "text/csv.h"
#include "text/json_list.h"

namespace berth::cli {

namespace {

namespace json = boost::json;

constexpr std::string_view kNames[] = {"user", "ipv4", "ipv6", "delegated", "owner"};
constexpr std::string_view kFields = "the fields are user, ipv4, ipv6 and delegated";

// A line as text, before anything is read from it. Empty: not there.
struct RawLine {
  std::uint64_t line = 0;
  std::string_view user;
  std::string_view ipv4;
  std::string_view ipv6;
  std::string_view delegated;
};

template <class T, class Parse>
Done read_into(std::optional<T>& place, std::string_view text, Parse parse) {
  if (text.empty()) return {};
  Result<T> parsed = parse(text);
  if (!parsed) return std::unexpected(parsed.error());
  place = *parsed;
  return {};
}

Result<ReservationLine> read_line(const RawLine& raw) {
  ReservationLine line{.line = raw.line, .user = std::string(raw.user)};
  Addresses& addresses = line.addresses;
  for (const Done& done : {read_into(addresses.ipv4, raw.ipv4, Ipv4::parse),
                           read_into(addresses.ipv6, raw.ipv6, parse_ipv6_or_prefix),
                           read_into(addresses.delegated, raw.delegated, Ipv6Prefix::parse)}) {
    if (!done) return std::unexpected(done.error());
  }
  if (raw.user.empty()) return fail(Code::invalid, "no user is named", std::string(kFields));
  if (addresses.empty()) {
    return fail(Code::invalid, "no address is kept for " + berth::quoted(raw.user),
                std::string(kFields));
  }
  return line;
}

// Adds what a raw line says; its error gets the place.
Done add(std::vector<ReservationLine>& lines, const RawLine& raw, const std::string& name) {
  Result<ReservationLine> line = read_line(raw);
  if (!line) {
    return std::unexpected(error_at(name, raw.line, line.error().what, line.error().remedy));
  }
  if (lines.size() == kMaxImported) {
    return std::unexpected(error_at(name, raw.line,
                                    "more than " + count_text(kMaxImported) + " reservations",
                                    "import the file in parts"));
  }
  lines.push_back(std::move(*line));
  return {};
}

Result<std::vector<ReservationLine>> read_csv(std::istream& in, const std::string& name,
                                              const std::function<void(std::uint64_t)>& at) {
  using enum CsvColumn::Need;
  constexpr CsvColumn kColumns[] = {{kNames[0], required},
                                    {kNames[1], optional},
                                    {kNames[2], optional},
                                    {kNames[3], optional},
                                    {kNames[4], optional}};
  CsvReader reader(in, name);
  CsvRow row;
  Result<bool> more = reader.next(row);
  if (!more) return std::unexpected(more.error());
  if (!*more) return std::unexpected(reader.at(1, "the file is empty", std::string(kFields)));
  Result<std::vector<int>> places = find_columns(reader, row, kColumns);
  if (!places) return std::unexpected(places.error());
  std::size_t width = row.fields.size();

  std::vector<ReservationLine> lines;
  while (true) {
    more = reader.next(row);
    if (!more) return std::unexpected(more.error());
    if (!*more) return lines;
    if (row.fields.size() != width) {
      return std::unexpected(reader.at(row.line,
                                       std::to_string(row.fields.size()) +
                                           " fields where the "
                                           "first line has " +
                                           std::to_string(width),
                                       "leave an empty field for what is not there: ana,,,"));
    }
    auto field = [&](std::size_t column) {
      int place = (*places)[column];
      return place < 0 ? std::string_view() : row.fields[static_cast<std::size_t>(place)];
    };
    RawLine raw{row.line, field(0), field(1), field(2), field(3)};
    if (Done added = add(lines, raw, name); !added) return std::unexpected(added.error());
    at(reader.bytes_read());
  }
}

// The owner of a line is left aside: the rules of the settings make it from the user.
Done read_field(RawLine& raw, std::string_view key, const json::value& value) {
  std::string_view* const places[] = {&raw.user, &raw.ipv4, &raw.ipv6, &raw.delegated, nullptr};
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    if (key != kNames[i]) continue;
    if (value.is_null()) return {};
    const json::string* text = value.if_string();
    if (text == nullptr) return fail(Code::invalid, berth::quoted(key) + " is no text");
    if (places[i] != nullptr) *places[i] = {text->data(), text->size()};
    return {};
  }
  return fail(Code::invalid, "no field is called " + berth::quoted(key), std::string(kFields));
}

Done add_element(std::vector<ReservationLine>& lines, const JsonElement& element,
                 const std::string& name) {
  auto wrong = [&](std::string_view what, std::string remedy) {
    return std::unexpected(error_at(name, element.line, what, std::move(remedy)));
  };
  boost::system::error_code failed;
  json::value value = json::parse(element.text, failed);
  if (failed) return wrong("this is not JSON: " + failed.message(), "");
  RawLine raw{.line = element.line};
  for (const auto& [key, field] : value.as_object()) {
    if (Done read = read_field(raw, {key.data(), key.size()}, field); !read) {
      return wrong(read.error().what, read.error().remedy);
    }
  }
  return add(lines, raw, name);
}

Result<std::vector<ReservationLine>> read_json(std::istream& in, const std::string& name,
                                               const std::function<void(std::uint64_t)>& at) {
  JsonListReader reader(in, name);
  std::vector<ReservationLine> lines;
  for (JsonElement element;;) {
    Result<bool> more = reader.next(element);
    if (!more) return std::unexpected(more.error());
    if (!*more) return lines;
    if (Done added = add_element(lines, element, name); !added) {
      return std::unexpected(added.error());
    }
    at(reader.bytes_read());
  }
}

}  // namespace

Result<FileFormat> parse_format(std::string_view text) {
  if (text == "csv") return FileFormat::csv;
  if (text == "json") return FileFormat::json;
  return fail(Code::invalid, berth::quoted(text) + " is no format", "say csv or json");
}

Error error_at(std::string_view file, std::uint64_t line, std::string_view what,
               std::string remedy) {
  return {Code::import_invalid,
          std::string(file) + ":" + std::to_string(line) + ": " + std::string(what),
          std::move(remedy)};
}

Result<std::vector<ReservationLine>> read_reservations(
    std::istream& in, const std::string& name, FileFormat format,
    const std::function<void(std::uint64_t)>& at) {
  switch (format) {
    case FileFormat::csv: return read_csv(in, name, at);
    case FileFormat::json: return read_json(in, name, at);
  }
  BERTH_ASSERT(!"every format has a reader");
}

}  // namespace berth::cli
