// play.cc - berth play: a file of events played to a store, or made up.
#include <filesystem>
#include <fstream>
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/files.h"
#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/play_progress.h"
#include "cli/play_report.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "core/quote.h"
#include "play/day_settings.h"
#include "play/events.h"
#include "play/synthesis.h"
#include "settings/path.h"

namespace berth::cli {

namespace {

struct Asked {
  std::string file;
  bool synthesise = false;
  play::SynthesisOptions day;
  std::string start;
  std::string settings_out;
  play::PlayOptions options;
  std::string wants;
  std::string together;
  bool ascii = false;

  [[nodiscard]] play::ChartStyle::Marks marks() const {
    return ascii ? play::ChartStyle::Marks::ascii : play::ChartStyle::Marks::blocks;
  }
};

Outcome play_file(World& world, const Asked& asked);
Outcome play_events(World& world, const Asked& asked, play::EventSource& events);
Outcome synthesise(World& world, Asked asked);
Done write_settings(const play::SynthesisOptions& day, const std::string& path);

Outcome play_verb_run(World& world, const Asked& asked) {
  if (asked.synthesise != asked.file.empty()) {
    return fail(Code::invalid,
                asked.synthesise ? "--synthesise makes events, and a FILE has them already"
                                 : "there is nothing to play",
                "name a FILE of events, or make one: berth play --synthesise > day.csv");
  }
  if (!asked.synthesise && !asked.settings_out.empty()) {
    return fail(Code::invalid, "--settings-out goes with --synthesise",
                "leave it out; a file is played with the settings of --settings");
  }
  return asked.synthesise ? synthesise(world, asked) : play_file(world, asked);
}

Outcome play_file(World& world, const Asked& asked) {
  if (asked.file == "-") {
    play::EventReader reader(world.in, "standard input");
    return play_events(world, asked, reader);
  }
  Result<std::ifstream> file = open_input(asked.file);
  if (!file) return std::unexpected(file.error());
  play::EventReader reader(*file, asked.file, size_of(asked.file));
  return play_events(world, asked, reader);
}

Outcome play_events(World& world, const Asked& asked, play::EventSource& events) {
  Result<Settings> found = settings(world);
  if (!found) return std::unexpected(found.error());
  Result<play::Peeked> source = play::Peeked::make(events);
  if (!source) return std::unexpected(source.error());

  play::PlayOptions options = asked.options;
  if (!asked.wants.empty()) {
    Result<play::Wants> wants = play::parse_wants(asked.wants);
    if (!wants) return std::unexpected(wants.error());
    options.wants = *wants;
  }
  if (!asked.together.empty()) {
    Result<Milliseconds> together = parse_duration(asked.together);
    if (!together) return std::unexpected(together.error());
    options.together = *together;
  }

  // Only a store that was named: the one of the settings has real leases in it.
  play::PlayClock clock(source->starts().value_or(WallTime{}));
  Noticed noticed;
  Result<std::unique_ptr<Book>> book =
      Book::open(found->plan, {.path = world.store_path,
                               .clock = &clock,
                               .chance = &world.chance,
                               .on_event = [&](const Event& event) { noticed.add(event); }});
  if (!book) return std::unexpected(book.error());

  Result<play::Played> played = [&] {
    const Interrupt interrupt;
    PlayProgress progress(world, asked.marks());
    options.real = &world.clock;
    options.stopped = [] { return Interrupt::asked(); };
    options.progress = [&](const play::Progress& now) { progress.show(now); };
    return play::play(**book, clock, *source, found->plan, options);
  }();
  if (!played) return std::unexpected(played.error());
  if (played->failed && played->events() == 0) return std::unexpected(*played->failed);

  if (world.json) {
    print_json(world.out, to_json(*played, noticed));
  } else {
    print_report(world, *played, noticed, asked.marks());
  }
  if (played->failed) {
    Error error = *played->failed;
    error.remedy += (error.remedy.empty() ? "" : "; ") + std::string("what stands before it ") +
                    "has been played, so play the whole file again into a new store";
    return std::unexpected(error);
  }
  return played->doubles + played->too_soon == 0 ? Exit::done : Exit::refused;
}

Outcome synthesise(World& world, Asked asked) {
  play::SynthesisOptions& day = asked.day;
  if (!asked.start.empty()) {
    Result<WallTime> start = parse_day(asked.start);
    if (!start) return std::unexpected(start.error());
    day.start = *start;
  }
  Result<std::unique_ptr<play::Synthesis>> synthesis = play::Synthesis::make(day);
  if (!synthesis) return std::unexpected(synthesis.error());
  if (!asked.settings_out.empty()) {
    if (Done done = write_settings(day, asked.settings_out); !done) {
      return std::unexpected(done.error());
    }
  }

  const Interrupt interrupt;
  play::EventWriter writer(world.out);
  std::uint64_t count = 0;
  play::Event event;
  Result<bool> more = (*synthesis)->next(event);
  for (; more && *more && world.out && !Interrupt::asked(); more = (*synthesis)->next(event)) {
    writer.write(event);
    ++count;
  }
  if (!more) return std::unexpected(more.error());
  world.err << "synthesised " << count_of(count, "event") << ": " << count_of(day.users, "user")
            << ", " << count_of(day.servers, "server") << ", " << count_of(day.days, "day")
            << ", seed " << day.seed << '\n';
  return Exit::done;
}

Done write_settings(const play::SynthesisOptions& day, const std::string& path) {
  if (std::error_code ignored; std::filesystem::exists(path_of(path), ignored)) {
    return fail(Code::invalid, berth::quoted(path) + " exists already", "name a new file");
  }
  std::ofstream out(path_of(path), std::ios::binary);
  out << play::day_settings(day);
  out.close();
  if (out) return {};
  return fail(Code::invalid, "cannot write " + berth::quoted(path), "name a file that can be made");
}

Run options(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  app.add_option("FILE", asked->file, "the events, CSV; - for standard input");
  app.add_option("--speed", asked->options.speed,
                 "simulated seconds in a second, 0.001 to 1000000; else as fast as it goes")
      ->type_name("NUMBER")
      ->check(CLI::PositiveNumber);
  app.add_option("--outstanding", asked->options.outstanding, "requests under way at once: 256")
      ->type_name("N");
  app.add_option("--together", asked->together,
                 "simulated time whose requests may be under way together: 10s")
      ->type_name("DURATION");
  app.add_option("--want", asked->wants, "what a connect asks for: \"ipv4 ipv6? delegated?\"")
      ->type_name("KINDS");
  app.add_flag("--ascii", asked->ascii, "draw bar and charts without block characters");
  app.add_flag("--synthesise", asked->synthesise, "make up events, and write them");
  app.add_option("--users", asked->day.users, "how many users to make up: 20000")->type_name("N");
  app.add_option("--servers", asked->day.servers, "how many servers: 3")->type_name("N");
  app.add_option("--days", asked->day.days, "how many days: 1")->type_name("N");
  app.add_option("--start", asked->start, "the first day: 2026-01-05")->type_name("DATE");
  app.add_option("--seed", asked->day.seed, "another seed, other events: 1")->type_name("N");
  app.add_option("--settings-out", asked->settings_out,
                 "write settings that fit the events, to a new file")
      ->type_name("FILE");
  return [asked](World& world) { return play_verb_run(world, *asked); };
}

}  // namespace

Verb play_verb() {
  return {.name = "play",
          .summary = "plays a file of events to a store, or makes up such a file",
          .manual =
              "Reads connects, confirms, renewals, disconnects and boots of access servers, and "
              "makes the calls that the servers would have made, many at once but never out of "
              "order for a user, a session or an exclusive port. The clock follows the events, "
              "so hold times and cool-downs pass as they would have. The format is in "
              "docs/events.md.\n\n"
              "The leases go into the store that --store names, which should be a new one; "
              "without it they are kept in memory and are gone afterwards. The store that "
              "the settings name is never touched. A wrong line ends the play: what stands before "
              "it has been played by then, and the report says so.\n\n"
              "At the end stand the events and what was refused; how many returning users got "
              "the addresses that they had before (counted are logins of owners who had a lease "
              "earlier in this play and have no other connection); what the book noticed "
              "meanwhile, such as "
              "a pool that was nearly full; and how full the pools were. "
              "Every grant is checked by a count that shares nothing with the allocator: "
              "doubles and too soon must be 0, and the exit code is 1 if they are not. "
              "Ctrl-C ends the play in good order.\n\n"
              "With --synthesise it writes events that it makes up: users with daily habits, "
              "servers like RRAS and like RADIUS, lost, late and repeated stops, retries, second "
              "logins, dropped lines, boots, and many spellings of a name. The same numbers and "
              "the same seed give the same events.",
          .example =
              "berth play --synthesise --settings-out day.toml > day.csv\n"
              "berth --settings day.toml --store day.db play day.csv\n"
              "berth play --speed 3600 yesterday.csv",
          .options = options};
}

}  // namespace berth::cli
