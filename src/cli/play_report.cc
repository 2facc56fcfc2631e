// play_report.cc - the closing tables of a play, from what happened to how full the pools were.
#include "cli/play_report.h"

#include <algorithm>
#include <ostream>
#include <string>

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include "berth/plan.h"
#include "cli/json.h"
#include "cli/table.h"
#include "cli/words.h"
#include "text/printable.h"

namespace berth::cli {

namespace json = boost::json;
using play::EventKind;
using play::Played;
using play::Series;

namespace {

constexpr int kPipeColumns = 80;          // of charts where there is no terminal
constexpr int kMostColumns = 132;         // wider ones are harder to read, not easier
constexpr std::size_t kMostNoticed = 10;  // lines for people; --json has more

constexpr std::array kKinds = {EventKind::connect, EventKind::confirm, EventKind::renew,
                               EventKind::disconnect, EventKind::boot};

double seconds(Milliseconds time) { return std::chrono::duration<double>(time).count(); }

std::uint64_t per_second(const Played& played) {
  return played.events() * 1000 /
         static_cast<std::uint64_t>(std::max<std::int64_t>(1, played.elapsed.count()));
}

// A bad number stands out where there are colours.
std::string verdict(const World& world, std::uint64_t count) {
  std::string text = count_text(count);
  if (!world.out_terminal.colour) return text;
  return (count == 0 ? "\x1b[32m" : "\x1b[31m") + text + "\x1b[0m";
}

void print_head(World& world, const Played& played) {
  world.out << (played.stopped || played.failed ? "stopped after " : "played ")
            << count_of(played.events(), "event");
  if (played.events() > 0) {
    world.out << " of " << format_time(played.first) << " to " << format_time(played.last);
  }
  world.out << fmt::format("\nin {:.1f} s, ", seconds(played.elapsed))
            << count_text(per_second(played)) << " a second\n\n";
}

void print_events(World& world, const Played& played) {
  Table table(world, {{"EVENT"}, {"COUNT", Side::right}, {"REFUSED", Side::right}});
  for (EventKind kind : kKinds) {
    const play::Answers& answers = played.answers.at(static_cast<std::size_t>(kind));
    if (answers.events == 0) continue;
    table.add({std::string(play::event_name(kind)), count_text(answers.events),
               count_text(answers.refused)});
  }
  table.finish();
}

// What late, lost and repeated messages are answered with: nothing is the matter.
bool is_harmless(EventKind kind, Code code) {
  return kind != EventKind::connect &&
         (code == Code::not_found || code == Code::stale || code == Code::foreign);
}

void print_refusals(World& world, const Played& played) {
  if (played.refusals.empty()) return;
  world.out << '\n';
  Table table(world, {{"REFUSED"}, {"CODE"}, {"COUNT", Side::right}});
  bool any_harmless = false;
  for (const auto& [what, refusals] : played.refusals) {
    table.add({std::string(play::event_name(what.first)), std::string(code_name(what.second)),
               count_text(refusals.count)});
    any_harmless |= is_harmless(what.first, what.second);
  }
  table.finish();
  if (any_harmless) {
    world.out << "not_found, stale and foreign answer late or repeated messages: no harm done\n";
  }
  for (const auto& [what, refusals] : played.refusals) {
    if (is_harmless(what.first, what.second)) continue;
    world.out << code_name(what.second) << ": " << printable(refusals.first.what) << '\n';
  }
}

void print_promises(World& world, const Played& played) {
  const double share = played.returned == 0 ? 0
                                            : 100 * static_cast<double>(played.home) /
                                                  static_cast<double>(played.returned);
  world.out << "\nreturning users   " << count_text(played.home) << " of "
            << count_text(played.returned) << " got their old addresses";
  if (played.returned > 0) world.out << fmt::format(" ({:.1f} %)", share);
  world.out << "\nleases            " << count_text(played.live) << " live at the end; "
            << count_text(played.most_open) << " connections open at most\n"
            << "ended by boots    " << count_text(played.ended_by_boot) << "\n"
            << "doubles           " << verdict(world, played.doubles)
            << "  addresses given to two at once, by an independent count\n"
            << "too soon          " << verdict(world, played.too_soon)
            << "  addresses given to somebody else while cooling\n";
  if (!played.first_fault.empty()) {
    world.out << "                  the first: " << printable(played.first_fault) << '\n';
  }
}

void print_pool(World& world, const play::Timeline& timeline, const Series& series,
                const play::ChartStyle& style) {
  world.out << '\n'
            << printable(series.pool) << ' ' << kind_name(series.kind) << ": at most "
            << count_text(series.peak);
  if (series.size > kMaxListed) {
    world.out << " taken at once, of " << count_text(series.size) << '\n';
    return;
  }
  const auto size = static_cast<std::uint64_t>(series.size);
  world.out << " of " << count_text(size)
            << fmt::format(" taken at once ({:.1f} %)\n",
                           100 * static_cast<double>(series.peak) /
                               static_cast<double>(std::max<std::uint64_t>(1, size)));
  for (const std::string& line :
       play::draw(series.taken, size, timeline.start(), timeline.every(), style)) {
    world.out << line << '\n';
  }
}

void print_noticed(World& world, const Noticed& noticed) {
  if (noticed.count == 0) return;
  world.out << '\n';
  Table table(world, {{"TIME"}, {"NOTICED"}});
  const std::size_t shown = std::min(noticed.first.size(), kMostNoticed);
  for (std::size_t i = 0; i < shown; ++i) {
    const Event& event = noticed.first[i];
    table.add({format_time(event.at), printable(event_text(event))});
  }
  table.finish();
  if (noticed.count > shown) world.out << "and " << count_text(noticed.count - shown) << " more\n";
}

json::object to_json(const Event& event) {
  json::object object = {
      {"at", format_time(event.at)}, {"code", event_code(event)}, {"text", event_text(event)}};
  if (const auto* pool = std::get_if<PoolEvent>(&event.what)) {
    object["pool"] = pool->pool;
    object["kind"] = kind_name(pool->kind);
    object["threshold"] = pool->threshold;
    object["taken"] = pool->taken;
    object["size"] = pool->size;
  }
  if (const auto* server = std::get_if<ServerEvent>(&event.what)) {
    object["server"] = server->server;
  }
  return object;
}

json::object to_json(const play::Timeline& timeline, const Series& series) {
  json::array taken(series.taken.begin(), series.taken.end());
  json::object object = {{"pool", series.pool},
                         {"kind", kind_name(series.kind)},
                         {"size", nullptr},
                         {"peak_taken", series.peak},
                         {"start", format_time(timeline.start())},
                         {"every_seconds", seconds(timeline.every())},
                         {"taken", std::move(taken)}};
  if (series.size <= kMaxListed) object["size"] = static_cast<std::uint64_t>(series.size);
  return object;
}

}  // namespace

void print_report(World& world, const Played& played, const Noticed& noticed,
                  play::ChartStyle::Marks marks) {
  print_head(world, played);
  if (played.events() == 0) return;
  print_events(world, played);
  print_refusals(world, played);
  print_promises(world, played);
  print_noticed(world, noticed);

  const int columns = world.out_terminal.is_there() ? world.out_terminal.columns : kPipeColumns;
  const play::ChartStyle style{.columns = std::min(columns, kMostColumns),
                               .marks = marks,
                               .colour = world.out_terminal.colour};
  for (const Series& series : played.timeline.series()) {
    print_pool(world, played.timeline, series, style);
  }
}

json::object to_json(const Played& played, const Noticed& noticed) {
  json::object events;
  for (EventKind kind : kKinds) {
    const play::Answers& answers = played.answers.at(static_cast<std::size_t>(kind));
    events[play::event_name(kind)] = {{"count", answers.events}, {"refused", answers.refused}};
  }
  json::array refusals;
  for (const auto& [what, refused] : played.refusals) {
    json::object entry = to_json(refused.first);
    entry["event"] = play::event_name(what.first);
    entry["count"] = refused.count;
    refusals.push_back(std::move(entry));
  }
  json::array pools;
  for (const Series& series : played.timeline.series()) {
    pools.push_back(to_json(played.timeline, series));
  }
  json::array events_noticed;
  for (const Event& event : noticed.first) events_noticed.push_back(to_json(event));
  const bool any = played.events() > 0;
  return {{"stopped", played.stopped || played.failed},
          {"first", any ? json::value(format_time(played.first)) : nullptr},
          {"last", any ? json::value(format_time(played.last)) : nullptr},
          {"elapsed_seconds", seconds(played.elapsed)},
          {"count", played.events()},
          {"refused", played.refused()},
          {"events", std::move(events)},
          {"refusals", std::move(refusals)},
          {"returned", played.returned},
          {"returned_home", played.home},
          {"live_leases", played.live},
          {"most_open_connections", played.most_open},
          {"ended_by_boots", played.ended_by_boot},
          {"doubles", played.doubles},
          {"too_soon", played.too_soon},
          {"first_fault", played.first_fault.empty() ? nullptr : json::value(played.first_fault)},
          {"noticed", std::move(events_noticed)},
          {"noticed_count", noticed.count},
          {"pools", std::move(pools)}};
}

}  // namespace berth::cli
