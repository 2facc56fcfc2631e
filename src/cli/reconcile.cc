// reconcile.cc - berth reconcile: a server's list of its sessions against the leases.
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/files.h"
#include "cli/json.h"
#include "cli/progress.h"
#include "cli/session_file.h"
#include "cli/table.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "text/printable.h"

namespace berth::cli {

namespace {

namespace json = boost::json;

struct Asked {
  std::string server;
  std::string file;
  std::string format;
};

Result<SessionLines> read_file(World& world, const Asked& asked) {
  Result<FileFormat> format = format_of(asked.format, asked.file);
  if (!format) return std::unexpected(format.error());
  Progress progress(world, "reading");
  const std::uint64_t size = asked.file == "-" ? 0 : size_of(asked.file);
  const auto at = [&](std::uint64_t bytes) { progress.at(bytes, size); };
  if (asked.file == "-") return read_sessions(world.in, "standard input", *format, at);
  Result<std::ifstream> file = open_input(asked.file);
  if (!file) return std::unexpected(file.error());
  return read_sessions(*file, asked.file, *format, at);
}

void print_as_json(World& world, const Asked& asked, const SessionLines& read,
                   const Listed& listed) {
  json::array adopted;
  for (const std::size_t each : listed.adopted) adopted.push_back(to_json(read.sessions[each]));
  json::array refused;
  for (const Listed::Refused& each : listed.refused) {
    json::object object = to_json(read.sessions[each.session]);
    object["line"] = read.lines[each.session];
    object["code"] = code_name(each.why.code);
    object["what"] = json_text(each.why.what);
    refused.push_back(std::move(object));
  }
  json::array ghosts;
  for (const Lease& each : listed.ghosts) ghosts.push_back(to_json(each));
  print_json(world.out, {{"server", json_text(asked.server)},
                         {"sessions", read.sessions.size()},
                         {"known", listed.known},
                         {"adopted", std::move(adopted)},
                         {"refused", std::move(refused)},
                         {"ghosts", std::move(ghosts)},
                         {"ghost_count", listed.ghost_count},
                         {"awaited", listed.awaited}});
}

void print_as_table(World& world, const Asked& asked, const SessionLines& read,
                    const Listed& listed) {
  Table table(world, {{"WHAT"}, {"USER"}, {"ADDRESS"}, {"PORT"}, {"SESSION"}, {"WHY"}});
  const auto add = [&](const char* what, const Session& session, const std::string& why) {
    table.add(
        {what, session.user, address_cell(session.addresses), session.port, session.session, why});
  };
  for (const std::size_t each : listed.adopted) {
    add("adopted", read.sessions[each], "had no lease");
  }
  for (const Listed::Refused& each : listed.refused) {
    add("refused", read.sessions[each.session], each.why.what);
  }
  for (const Lease& each : listed.ghosts) {
    table.add({"ghost", each.user, address_cell(each.addresses), each.port, each.session,
               "not in the list"});
  }
  table.finish();
  world.out << count_of(read.sessions.size(), "session") << " of " << printable(asked.server)
            << ": " << count_text(listed.known) << " known, " << count_text(listed.adopted.size())
            << " adopted, " << count_text(listed.refused.size()) << " refused; "
            << count_of(listed.ghost_count, "ghost") << '\n';
  if (listed.awaited) {
    world.out << "since the restore nothing was known of this server: now its sessions are\n";
  }
}

Outcome reconcile(World& world, const Asked& asked) {
  Result<SessionLines> read = read_file(world, asked);
  if (!read) return std::unexpected(read.error());
  Result<std::unique_ptr<Book>> book = open_book(world);
  if (!book) return std::unexpected(book.error());
  Result<Listed> listed = (*book)->server_listed(asked.server, read->sessions);
  if (!listed) return std::unexpected(listed.error());

  if (world.json) {
    print_as_json(world, asked, *read, *listed);
  } else {
    print_as_table(world, asked, *read, *listed);
  }
  return listed->refused.empty() ? Exit::done : Exit::refused;
}

}  // namespace

Verb reconcile_verb() {
  return {
      .name = "reconcile",
      .summary = "compares a server's list of its sessions with the leases",
      .manual =
          "The file has all sessions that the server has now: CSV with the columns user, port, "
          "session, ipv4, ipv6 and delegated, or a JSON list of objects with these fields. All but "
          "user may be left out; a session has at least one address.\n\n"
          "The lease of a session that is listed is renewed. A session without a lease gets one "
          "with the addresses that it has, so that nobody else gets them (adopted); it is refused "
          "where somebody else holds one, or where its own lease has another. An active lease that "
          "is not listed is a ghost: the end of its session may have got lost. It is shown, and "
          "stays; berth release ends it.\n\n"
          "After berth restore, a server that has listed its sessions is awaited no longer, as if "
          "it had booted, and nobody is cut off. FILE is - for standard input.",
      .example = "berth reconcile vpn1 sessions.csv",
      .options = [](CLI::App& app) -> Run {
        auto asked = std::make_shared<Asked>();
        app.add_option("SERVER", asked->server, "the server whose sessions these are")->required();
        app.add_option("FILE", asked->file, "the file to read")->required();
        app.add_option("--format", asked->format, "what it is; else its name decides")
            ->type_name("csv|json");
        return [asked](World& world) { return reconcile(world, *asked); };
      }};
}

}  // namespace berth::cli
