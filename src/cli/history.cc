// history.cc - berth history: what an owner had.
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/interval_text.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "text/printable.h"

namespace berth::cli {

namespace {

struct Asked {
  std::string owner;
  std::string from;
  std::string until;
  std::uint64_t limit = 100;
};

Result<Span> span_of(const Asked& asked) {
  // One more than is shown, to know whether there would be more.
  Span span{.limit = static_cast<std::size_t>(asked.limit) + 1};
  if (!asked.from.empty()) {
    Result<WallTime> from = parse_time(asked.from);
    if (!from) return std::unexpected(from.error());
    span.from = *from;
  }
  if (!asked.until.empty()) {
    Result<WallTime> until = parse_time(asked.until);
    if (!until) return std::unexpected(until.error());
    span.until = *until;
  }
  return span;
}

Outcome history(World& world, const Asked& asked) {
  constexpr std::uint64_t kMost = 1'000'000;  // they are held in memory; export has no limit
  if (asked.limit == 0 || asked.limit > kMost) {
    return fail(Code::invalid, "--limit is from 1 to " + count_text(kMost),
                "berth export --what history writes all of it");
  }
  Result<Span> span = span_of(asked);
  if (!span) return std::unexpected(span.error());
  Result<std::string> owner = owner_of(world, asked.owner);
  if (!owner) return std::unexpected(owner.error());
  Result<std::unique_ptr<Reader>> reader = open_reader(world);
  if (!reader) return std::unexpected(reader.error());
  Result<std::vector<Interval>> found = (*reader)->history(*owner, *span, world.clock.wall());
  if (!found) return std::unexpected(found.error());

  bool more = found->size() > asked.limit;
  if (more) found->resize(asked.limit);
  print_intervals(world, *found);
  if (found->empty() && !world.json) {
    world.err << "berth: there is no history of " << printable(*owner) << " then\n";
  }
  if (more) {
    world.err << "berth: these are the latest " << count_text(asked.limit)
              << "; --limit shows more\n";
  }
  return Exit::done;
}

}  // namespace

Verb history_verb() {
  return {
      .name = "history",
      .summary = "lists what a user had, and when",
      .manual =
          "The latest comes first; a session that is up has no end yet. --from and "
          "--until keep what was there at any time between them.",
      .example =
          "berth history --owner ana\n"
          "berth history --owner 'CORP\\ana' --from 2026-11-01T00:00:00Z --limit 20",
      .options = [](CLI::App& app) -> Run {
        auto asked = std::make_shared<Asked>();
        app.add_option("--owner", asked->owner, "the user, in any spelling")
            ->type_name("NAME")
            ->required();
        app.add_option("--from", asked->from, "only what ended after this")->type_name("TIME");
        app.add_option("--until", asked->until, "only what began before this")->type_name("TIME");
        app.add_option("--limit", asked->limit, "at most so many; else 100")->type_name("COUNT");
        return [asked](World& world) { return history(world, *asked); };
      }};
}

}  // namespace berth::cli
