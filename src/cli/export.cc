// export.cc - berth export: reservations, leases or history as CSV or JSON.
#include <functional>
#include <ostream>

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>

#include "cli/json.h"
#include "cli/record_file.h"
#include "cli/verbs.h"
#include "core/quote.h"
#include "text/csv.h"

namespace berth::cli {

namespace {

namespace json = boost::json;

struct Asked {
  std::string what = "reservations";
  std::string format;
};

// Writes objects that all have the same fields. As CSV the fields are the columns, and what is
// null is empty.
class Rows {
 public:
  Rows(World& world, FileFormat format) : out_(world.out), list_(world.out), format_(format) {}

  // Fails once nobody can read the output any more.
  Done add(const json::object& object) {
    if (format_ == FileFormat::json) {
      list_.add(object);
    } else {
      add_csv(object);
    }
    if (!out_) return fail(Code::store_unavailable, "the output cannot be written");
    return {};
  }

  // `like`: an object whose fields are the columns, where there was no row.
  void finish(const json::object& like) {
    if (format_ == FileFormat::json) list_.finish();
    if (format_ == FileFormat::csv && !headed_) write_header(like);
  }

 private:
  void write_header(const json::object& object) {
    std::vector<std::string_view> names;
    for (const auto& [name, value] : object) names.emplace_back(name.data(), name.size());
    write_csv_row(out_, names);
    headed_ = true;
  }

  void add_csv(const json::object& object) {
    if (!headed_) write_header(object);
    std::vector<std::string> texts;
    for (const auto& [name, value] : object) {
      const json::string* text = value.if_string();
      std::string written = value.is_null() ? "" : json::serialize(value);
      texts.push_back(text == nullptr ? written : std::string(text->data(), text->size()));
    }
    write_csv_row(out_, std::vector<std::string_view>(texts.begin(), texts.end()));
  }

  std::ostream& out_;
  JsonList list_;
  FileFormat format_;
  bool headed_ = false;
};

Done write_reservations(const Reader& reader, Rows& rows) {
  Result<std::vector<Reservation>> found = reader.reservations();
  if (!found) return std::unexpected(found.error());
  for (const Reservation& reservation : *found) {
    if (Done added = rows.add(to_json(reservation)); !added) return added;
  }
  rows.finish(to_json(Reservation{}));
  return {};
}

Done write_leases(const Reader& reader, Rows& rows) {
  Done done = reader.leases("", "", [&](const Lease& lease) { return rows.add(to_json(lease)); });
  if (done) rows.finish(to_json(Lease{}));
  return done;
}

Done write_history(const Reader& reader, Rows& rows) {
  Done done =
      reader.each_interval([&](const Interval& interval) { return rows.add(to_json(interval)); });
  if (done) rows.finish(to_json(Interval{}));
  return done;
}

struct Exported {
  std::string_view name;
  Done (*write)(const Reader& reader, Rows& rows);
};

constexpr Exported kExported[] = {
    {"reservations", write_reservations}, {"leases", write_leases}, {"history", write_history}};

Outcome export_rows(World& world, const Asked& asked) {
  Result<FileFormat> format = world.json ? FileFormat::json : FileFormat::csv;
  if (!asked.format.empty()) format = format_of(asked.format, {});
  if (!format) return std::unexpected(format.error());
  for (const Exported& exported : kExported) {
    if (exported.name != asked.what) continue;
    Result<std::unique_ptr<Reader>> reader = open_reader(world);
    if (!reader) return std::unexpected(reader.error());
    Rows rows(world, *format);
    if (Done done = exported.write(**reader, rows); !done) return std::unexpected(done.error());
    return Exit::done;
  }
  return fail(Code::invalid, berth::quoted(asked.what) + " is nothing that can be exported",
              "say reservations, leases or history");
}

}  // namespace

Verb export_verb() {
  return {.name = "export",
          .summary = "writes reservations, leases or history as CSV or JSON",
          .manual =
              "Reads beside a process that writes the store. The columns of CSV are the "
              "fields of JSON. Reservations can be read back with berth import; leases "
              "and history are for other programs.",
          .example =
              "berth export > users.csv\n"
              "berth export --what history --format json > history.json",
          .options = [](CLI::App& app) -> Run {
            auto asked = std::make_shared<Asked>();
            app.add_option("--what", asked->what, "what to write; else reservations")
                ->type_name("reservations|leases|history");
            app.add_option("--format", asked->format, "how; else csv, or json with --json")
                ->type_name("csv|json");
            return [asked](World& world) { return export_rows(world, *asked); };
          }};
}

}  // namespace berth::cli
