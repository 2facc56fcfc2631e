// events.cc - from a row of text to an Event and back.
#include "play/events.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/owner_name.h"
#include "core/quote.h"

namespace berth::play {
namespace {

using enum CsvColumn::Need;

// What a row can say, in the order in which we write it.
enum Column : std::uint8_t { time, server, port, user, event, session, groups, began, epoch, want };
constexpr std::array<CsvColumn, 10> kColumns = {{
    {"time", required},
    {"server", required},
    {"port", required},
    {"user", required},
    {"event", required},
    {"session", optional},
    {"groups", optional},
    {"began", optional},
    {"epoch", optional},
    {"want", optional},
}};
constexpr std::size_t kWritten = 9;  // whoever writes events has no wishes

constexpr std::size_t kMaxEpochBytes = 255;

// A row with the names of its columns.
struct Fields {
  const CsvRow& row;
  const std::vector<int>& places;
  [[nodiscard]] std::string_view operator[](Column column) const {
    const int place = places[column];
    return place < 0 ? std::string_view{} : row.fields[static_cast<std::size_t>(place)];
  }
};

// An error about one column of a row; the reader adds file and line.
std::unexpected<Error> wrong(Column column, std::string_view what, std::string remedy) {
  return fail(Code::import_invalid,
              std::string(kColumns.at(column).name) + ": " + std::string(what), std::move(remedy));
}

Done take_text(const Fields& fields, Column column, std::size_t most, std::string& into) {
  const std::string_view text = fields[column];
  if (Done checked = check_text(text, most, kColumns.at(column).name); !checked) {
    return wrong(column, checked.error().what, checked.error().remedy);
  }
  into = text;
  return {};
}

Result<WallTime> take_time(const Fields& fields, Column column) {
  Result<WallTime> time = parse_time(fields[column]);
  if (!time) return wrong(column, time.error().what, time.error().remedy);
  return time;
}

Done take_groups(std::string_view text, std::vector<std::string>& into) {
  into.clear();
  while (!text.empty()) {
    const std::string_view group = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(text.size(), group.size() + 1));
    if (group.empty()) continue;
    if (into.size() == kMaxGroups) {
      return wrong(groups, "more than " + std::to_string(kMaxGroups) + " groups",
                   "name only those that the rules ask for");
    }
    into.emplace_back(group);
  }
  return {};
}

// What must be there for each kind of event.
Done check_whole(const Event& row) {
  if (row.server.empty()) return wrong(server, "is empty", "name the access server");
  if (row.kind == EventKind::boot || !row.user.empty()) return {};
  // A stop or an interim may do without the user where the session says whose it is.
  if (row.kind != EventKind::connect && !row.session.empty()) return {};
  return wrong(user, "is empty", "name the user; only a boot has none");
}

Done fill(const Fields& fields, Event& row) {
  Result<WallTime> when = take_time(fields, time);
  if (!when) return std::unexpected(when.error());
  row.time = *when;

  const std::optional<EventKind> kind = event_called(fields[event]);
  if (!kind) {
    return wrong(event, quoted(fields[event]) + " is no event",
                 "write connect, confirm, renew, disconnect or boot");
  }
  row.kind = *kind;

  if (Done done = take_text(fields, server, kMaxServerBytes, row.server); !done) return done;
  if (Done done = take_text(fields, port, kMaxPortBytes, row.port); !done) return done;
  if (Done done = take_text(fields, user, kMaxUserBytes, row.user); !done) return done;
  if (Done done = take_text(fields, session, kMaxSessionBytes, row.session); !done) return done;
  if (Done done = take_text(fields, epoch, kMaxEpochBytes, row.epoch); !done) return done;
  std::string named;
  if (Done done = take_text(fields, groups, kMaxCsvRowBytes, named); !done) return done;
  if (Done done = take_groups(named, row.groups); !done) return done;

  row.began.reset();
  if (!fields[began].empty()) {
    Result<WallTime> start = take_time(fields, began);
    if (!start) return std::unexpected(start.error());
    row.began = *start;
  }
  row.wants.reset();
  if (!fields[want].empty()) {
    Result<Wants> wants = parse_wants(fields[want]);
    if (!wants) return wrong(want, wants.error().what, wants.error().remedy);
    row.wants = *wants;
  }
  return check_whole(row);
}

}  // namespace

EventReader::EventReader(std::istream& in, std::string name, std::uint64_t bytes)
    : csv_(in, std::move(name)), bytes_(bytes) {}

Result<bool> EventReader::next(Event& event) {
  if (!std::exchange(started_, true)) {
    if (Done done = read_header(); !done) return std::unexpected(done.error());
  }
  Result<bool> more = csv_.next(row_);
  if (!more || !*more) return more;
  if (row_.fields.size() != columns_) {
    return std::unexpected(csv_.at(row_.line,
                                   std::to_string(row_.fields.size()) + " fields where the first " +
                                       "line names " + std::to_string(columns_),
                                   "leave a field empty rather than out"));
  }
  if (Done filled = fill({row_, places_}, event); !filled) {
    return std::unexpected(csv_.at(row_.line, filled.error().what, filled.error().remedy));
  }
  if (event.time + kMostDisorder < latest_) {
    return std::unexpected(csv_.at(row_.line,
                                   "time: " + format_time(event.time) + " is more than " +
                                       format_duration(kMostDisorder) + " before a row above it, " +
                                       format_time(latest_),
                                   "sort the rows by time"));
  }
  latest_ = std::max(latest_, event.time);
  event.time = latest_;
  return true;
}

Done EventReader::read_header() {
  Result<bool> more = csv_.next(row_);
  if (!more) return std::unexpected(more.error());
  if (!*more) {
    return std::unexpected(
        csv_.at(1, "the file is empty", "begin with the line time,server,port,user,event"));
  }
  Result<std::vector<int>> places = find_columns(csv_, row_, kColumns);
  if (!places) return std::unexpected(places.error());
  places_ = std::move(*places);
  columns_ = row_.fields.size();
  return {};
}

std::optional<double> EventReader::progress() const {
  if (bytes_ == 0) return std::nullopt;
  return std::min(1.0, static_cast<double>(csv_.bytes_read()) / static_cast<double>(bytes_));
}

EventWriter::EventWriter(std::ostream& out) : out_(out) {
  std::array<std::string_view, kWritten> names;
  std::ranges::transform(kColumns.begin(), kColumns.begin() + kWritten, names.begin(),
                         &CsvColumn::name);
  write_csv_row(out_, names);
}

void EventWriter::write(const Event& event) {
  std::string joined;
  for (const std::string& group : event.groups) {
    if (!joined.empty()) joined += ';';
    joined += group;
  }
  const std::string when = format_time(event.time);
  const std::string start = event.began ? format_time(*event.began) : "";
  const std::array<std::string_view, kWritten> fields = {
      when,          event.server, event.port, event.user, event_name(event.kind),
      event.session, joined,       start,      event.epoch};
  write_csv_row(out_, fields);
}

}  // namespace berth::play
