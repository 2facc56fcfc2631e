// import.cc - berth import: reservations from a file, all of them or none.
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/files.h"
#include "cli/json.h"
#include "cli/progress.h"
#include "cli/reservation_file.h"
#include "cli/reservation_import.h"
#include "cli/verbs.h"
#include "cli/words.h"

namespace berth::cli {

namespace {

struct Asked {
  std::string file;
  std::string format;

  // What errors call it.
  [[nodiscard]] std::string name() const { return file == "-" ? "standard input" : file; }
};

using Lines = std::vector<ReservationLine>;

Result<Lines> read_file(World& world, const Asked& asked);

Outcome import(World& world, const Asked& asked) {
  Result<Settings> found = settings(world);
  if (!found) return std::unexpected(found.error());
  Result<Lines> lines = read_file(world, asked);
  if (!lines) return std::unexpected(lines.error());
  if (Done named = name_owners(found->plan.owners, asked.name(), *lines); !named) {
    return std::unexpected(named.error());
  }
  Result<std::unique_ptr<Book>> book = open_book(world, *found);
  if (!book) return std::unexpected(book.error());
  std::vector<Reservation> existing = (*book)->reservations();
  if (Done rehearsed = rehearse(world, found->plan, existing, asked.name(), *lines); !rehearsed) {
    return std::unexpected(rehearsed.error());
  }
  if (Done done = reserve_all(world, **book, existing, *lines); !done) {
    return std::unexpected(done.error());
  }

  if (world.json) {
    print_json(world.out,
               {{"file", json_text(asked.file)}, {"imported_reservations", lines->size()}});
  } else {
    world.out << "imported " << count_of(lines->size(), "reservation") << '\n';
  }
  return Exit::done;
}

Result<Lines> read_file(World& world, const Asked& asked) {
  Result<FileFormat> format = format_of(asked.format, asked.file);
  if (!format) return std::unexpected(format.error());

  Progress progress(world, "reading");
  std::uint64_t size = asked.file == "-" ? 0 : size_of(asked.file);
  auto at = [&](std::uint64_t bytes) { progress.at(bytes, size); };
  if (asked.file == "-") return read_reservations(world.in, asked.name(), *format, at);
  Result<std::ifstream> file = open_input(asked.file);
  if (!file) return std::unexpected(file.error());
  return read_reservations(*file, asked.file, *format, at);
}

}  // namespace

Verb import_verb() {
  return {.name = "import",
          .summary = "reserves addresses for all users of a file",
          .manual =
              "The file is CSV with the columns user, ipv4, ipv6 and delegated, or a JSON list of "
              "objects with these fields; berth export writes both. Objects one behind another, "
              "without the list around them (JSON lines), will do as well. All but user may be "
              "left out. A field owner is allowed and left aside: the rules of the settings make "
              "the owner.\n\n"
              "Every line is checked before anything is changed. If one is wrong (an address "
              "that no pool has, or that is reserved for somebody else, a user named twice) the "
              "error names it and nothing has happened. Reservations that the file does not "
              "mention stay. Importing the same file again changes nothing.\n\n"
              "Leases are not imported: a lease stands for a session that an access server "
              "has now, so only the server can begin one. A whole store moves with backup and "
              "restore. FILE is - for standard input.",
          .example = "berth import users.csv\nberth import --format json - < users.json",
          .options = [](CLI::App& app) -> Run {
            auto asked = std::make_shared<Asked>();
            app.add_option("FILE", asked->file, "the file to read")->required();
            app.add_option("--format", asked->format, "what it is; else its name decides")
                ->type_name("csv|json");
            return [asked](World& world) { return import(world, *asked); };
          }};
}

}  // namespace berth::cli
