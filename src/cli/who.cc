// who.cc - berth who: who had this address then?
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/interval_text.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "store/store.h"

namespace berth::cli {

namespace {

struct Asked {
  std::string where;
  std::string at;
  std::string window;
};

Outcome who(World& world, const Asked& asked) {
  Result<AnyRange> where = AnyRange::parse(asked.where);
  if (!where) return std::unexpected(where.error());
  Result<WallTime> at = asked.at.empty() ? world.clock.wall() : parse_time(asked.at);
  if (!at) return std::unexpected(at.error());
  Result<Milliseconds> window =
      asked.window.empty() ? Milliseconds{0} : parse_duration(asked.window);
  if (!window) return std::unexpected(window.error());
  Result<std::unique_ptr<Reader>> reader = open_reader(world);
  if (!reader) return std::unexpected(reader.error());
  Result<std::vector<Interval>> found =
      (*reader)->who_had(*where, *at, *window, world.clock.wall());
  if (!found) return std::unexpected(found.error());

  if (!found->empty() || world.json) {
    print_intervals(world, *found);
  } else {
    world.out << "nobody had " << where->to_string() << " at " << format_time(*at);
    if (window->count() > 0) world.out << ", or within " << format_duration(*window) << " of it";
    world.out << '\n';
  }
  if (found->size() >= Store::kMostIntervals) {  // a reader gives no more than that
    world.err << "berth: these are the latest " << count_text(Store::kMostIntervals)
              << "; narrow the range or the window to see whether there are more\n";
  }
  return found->empty() ? Exit::refused : Exit::done;
}

}  // namespace

Verb who_verb() {
  return {.name = "who",
          .summary = "says who had an address at a time",
          .manual =
              "WHERE is an address, a prefix or a range of either family; whoever held "
              "anything inside is named, the latest first. An interval includes its first "
              "instant and not its last. Where the clock of whoever asks may be off, "
              "--window also names those who had it shortly before or after. At most 10,000 are "
              "named, and it is said where there may be more.\n\n"
              "TIME is RFC 3339 (2026-11-21T09:30:00Z, or with an offset), a date and "
              "time without one, read as UTC, or @ and seconds since 1970. The exit code "
              "is 1 where nobody had it.",
          .example =
              "berth who 10.8.0.7\n"
              "berth who 10.8.0.7 --at 2026-11-21T09:30:00Z --window 5m\n"
              "berth who 2001:db8:100::/56 --at @1795254600",
          .options = [](CLI::App& app) -> Run {
            auto asked = std::make_shared<Asked>();
            app.add_option("WHERE", asked->where, "an address, a prefix or a range")->required();
            app.add_option("--at", asked->at, "when; else now")->type_name("TIME");
            app.add_option("--window", asked->window, "how far around it to look; else 0s")
                ->type_name("DURATION");
            return [asked](World& world) { return who(world, *asked); };
          }};
}

}  // namespace berth::cli
