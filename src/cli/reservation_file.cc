// reservation_file.cc - what a line of a file of reservations says.
#include "cli/reservation_file.h"

#include "cli/words.h"
#include "core/quote.h"

namespace berth::cli {

namespace {

constexpr std::string_view kFields = "the fields are user, ipv4, ipv6 and delegated";

// The owner is left aside: the rules of the settings make it from the user.
constexpr CsvColumn kColumns[] = {{"user"},
                                  {"ipv4", CsvColumn::Need::optional},
                                  {"ipv6", CsvColumn::Need::optional},
                                  {"delegated", CsvColumn::Need::optional},
                                  {"owner", CsvColumn::Need::optional}};

Result<ReservationLine> read_line(const Record& record) {
  const std::string_view user = record.fields[0];
  Result<Addresses> addresses =
      read_addresses(record.fields[1], record.fields[2], record.fields[3]);
  if (!addresses) return std::unexpected(addresses.error());
  if (user.empty()) return fail(Code::invalid, "no user is named", std::string(kFields));
  if (addresses->empty()) {
    return fail(Code::invalid, "no address is kept for " + berth::quoted(user),
                std::string(kFields));
  }
  return ReservationLine{
      .line = record.line, .user = std::string(user), .addresses = *addresses, .owner = {}};
}

}  // namespace

Result<std::vector<ReservationLine>> read_reservations(
    std::istream& in, const std::string& name, FileFormat format,
    const std::function<void(std::uint64_t)>& at) {
  std::vector<ReservationLine> lines;
  Done read = read_records(
      in, {.name = name, .format = format, .columns = kColumns, .remedy = kFields},
      [&](const Record& record) -> Done {
        Result<ReservationLine> line = read_line(record);
        if (!line) return std::unexpected(line.error());
        if (lines.size() == kMaxImported) {
          return fail(Code::invalid, "more than " + count_text(kMaxImported) + " reservations",
                      "import the file in parts");
        }
        lines.push_back(*std::move(line));
        return {};
      },
      at);
  if (!read) return std::unexpected(read.error());
  return lines;
}

}  // namespace berth::cli
