// session_file.cc - what a line of a file of sessions says.
#include "cli/session_file.h"

#include "berth/book.h"
#include "cli/words.h"
#include "core/quote.h"

namespace berth::cli {

namespace {

constexpr std::string_view kFields = "the fields are user, port, session, ipv4, ipv6 and delegated";

constexpr CsvColumn kColumns[] = {{"user"},
                                  {"port", CsvColumn::Need::optional},
                                  {"session", CsvColumn::Need::optional},
                                  {"ipv4", CsvColumn::Need::optional},
                                  {"ipv6", CsvColumn::Need::optional},
                                  {"delegated", CsvColumn::Need::optional}};

Result<Session> read_line(const Record& record) {
  const std::vector<std::string_view>& fields = record.fields;
  Result<Addresses> addresses = read_addresses(fields[3], fields[4], fields[5]);
  if (!addresses) return std::unexpected(addresses.error());
  if (fields[0].empty()) return fail(Code::invalid, "no user is named", std::string(kFields));
  if (addresses->empty()) {
    return fail(Code::invalid, "the session of " + berth::quoted(fields[0]) + " has no address",
                "leave out sessions without one");
  }
  return Session{.user = std::string(fields[0]),
                 .port = std::string(fields[1]),
                 .session = std::string(fields[2]),
                 .addresses = *addresses};
}

}  // namespace

Result<SessionLines> read_sessions(std::istream& in, const std::string& name, FileFormat format,
                                   const std::function<void(std::uint64_t)>& at) {
  SessionLines found;
  Done read = read_records(
      in, {.name = name, .format = format, .columns = kColumns, .remedy = kFields},
      [&](const Record& record) -> Done {
        Result<Session> session = read_line(record);
        if (!session) return std::unexpected(session.error());
        if (found.sessions.size() == Book::kMostSessions) {
          return fail(Code::invalid, "more than " + count_text(Book::kMostSessions) + " sessions",
                      "no server has so many; see what wrote the file");
        }
        found.sessions.push_back(*std::move(session));
        found.lines.push_back(record.line);
        return {};
      },
      at);
  if (!read) return std::unexpected(read.error());
  return found;
}

}  // namespace berth::cli
