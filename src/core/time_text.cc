// time_text.cc - times and durations as people write them.
#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "berth/time.h"
#include "core/quote.h"
#include "core/scan.h"

namespace berth {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr WallTime kFirstTime{};  // 1970
constexpr WallTime kLastTime =    // a four-digit year
    std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1} - Milliseconds{1};

// The units of a duration, in the order in which they are written.
struct Unit {
  std::string_view name;
  Milliseconds length;
};
constexpr std::array<Unit, 5> kUnits = {{
    {"d", days{1}},
    {"h", hours{1}},
    {"m", minutes{1}},
    {"s", seconds{1}},
    {"ms", Milliseconds{1}},
}};

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
  auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)},
                                   std::chrono::month{static_cast<unsigned>(*month)},
                                   std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date};
}

// "09:30", below `most_hours`:60.
std::optional<minutes> take_hours_minutes(std::string_view& text, std::uint64_t most_hours) {
  auto hour = take_digits(text, 2);
  if (!hour || *hour >= most_hours || !take(text, ':')) return std::nullopt;
  auto minute = take_digits(text, 2);
  if (!minute || *minute >= 60) return std::nullopt;
  return hours{*hour} + minutes{*minute};
}

// ":00" or ":00.250" behind the minutes. Digits below a millisecond are read and dropped.
std::optional<Milliseconds> take_seconds(std::string_view& text) {
  if (!take(text, ':')) return Milliseconds{0};
  auto second = take_digits(text, 2);
  if (!second || *second >= 60) return std::nullopt;
  Milliseconds time = seconds{*second};
  if (!take(text, '.')) return time;

  std::size_t digits = count_digits(text, 10);
  if (digits == 0 || digits > 9) return std::nullopt;
  auto fraction = take_digits(text, digits);
  for (; digits < 3; ++digits) *fraction *= 10;
  for (; digits > 3; --digits) *fraction /= 10;
  return time + Milliseconds{*fraction};
}

// "Z", "+01:00", or nothing, which means UTC.
std::optional<minutes> take_offset(std::string_view& text) {
  if (text.empty() || take(text, 'Z') || take(text, 'z')) return minutes{0};
  bool west = text.front() == '-';
  if (!take(text, west ? '-' : '+')) return std::nullopt;
  auto offset = take_hours_minutes(text, 24);
  if (!offset) return std::nullopt;
  return west ? -*offset : *offset;
}

std::optional<WallTime> read_date_time(std::string_view text) {
  auto date = take_date(text);
  if (!date || !(take(text, 'T') || take(text, 't') || take(text, ' '))) return std::nullopt;
  auto time = take_hours_minutes(text, 24);
  if (!time) return std::nullopt;
  auto second = take_seconds(text);
  if (!second) return std::nullopt;
  auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return WallTime{*date} + *time + *second - *offset;
}

std::optional<WallTime> read_seconds(std::string_view text) {
  auto count = take_number(text, 12);
  if (!count || !text.empty()) return std::nullopt;
  return WallTime{seconds{*count}};
}

// A number of at least `width` digits.
void append_number(std::string& text, std::int64_t number, std::size_t width) {
  std::string digits = std::to_string(number);
  if (digits.size() < width) text.append(width - digits.size(), '0');
  text += digits;
}

std::optional<Milliseconds> read_duration(std::string_view text) {
  Milliseconds duration{0};
  std::size_t next = 0;  // units are written in order, each once
  do {
    auto number = take_number(text, 12);
    if (!number) return std::nullopt;
    std::size_t letters = text.find_first_of("0123456789");
    std::string_view name = text.substr(0, letters);
    while (next < kUnits.size() && kUnits[next].name != name) ++next;
    if (next == kUnits.size()) return std::nullopt;
    // 10^12 days are more than 64 bits of milliseconds: refused before they are multiplied.
    Milliseconds length = kUnits[next].length;
    if (*number > static_cast<std::uint64_t>(kMaxDuration / length)) return std::nullopt;
    duration += static_cast<std::int64_t>(*number) * length;
    text.remove_prefix(name.size());
    ++next;
  } while (!text.empty());
  if (duration > kMaxDuration) return std::nullopt;
  return duration;
}

}  // namespace

Result<WallTime> parse_time(std::string_view text) {
  std::string_view rest = text;
  auto time = take(rest, '@') ? read_seconds(rest) : read_date_time(rest);
  if (!time) {
    return fail(Code::invalid, quoted(text) + " is not a time",
                "write it as 2026-11-21T09:30:00Z, 2026-11-21 09:30, or @ and seconds since 1970");
  }
  if (*time < kFirstTime || *time > kLastTime) {
    return fail(Code::invalid, quoted(text) + " is not between the years 1970 and 9999",
                "write a time from 1970-01-01T00:00:00Z to 9999-12-31T23:59:59Z");
  }
  return *time;
}

std::string format_time(WallTime time) {
  auto date = std::chrono::floor<days>(time);
  std::chrono::year_month_day civil{date};
  std::chrono::hh_mm_ss clock{time - date};
  std::string text;
  text.reserve(24);
  append_number(text, int{civil.year()}, 4);
  text += '-';
  append_number(text, unsigned{civil.month()}, 2);
  text += '-';
  append_number(text, unsigned{civil.day()}, 2);
  text += 'T';
  append_number(text, clock.hours().count(), 2);
  text += ':';
  append_number(text, clock.minutes().count(), 2);
  text += ':';
  append_number(text, clock.seconds().count(), 2);
  if (clock.subseconds().count() != 0) {
    text += '.';
    append_number(text, clock.subseconds().count(), 3);
  }
  return text += 'Z';
}

Result<Milliseconds> parse_duration(std::string_view text) {
  auto duration = read_duration(text);
  if (!duration) {
    return fail(Code::invalid, quoted(text) + " is not a duration of at most 10 years",
                "write numbers with d, h, m, s or ms in this order, as in 90s, 1h30m or 7d");
  }
  return *duration;
}

std::string format_duration(Milliseconds duration) {
  if (duration == Milliseconds{0}) return "0s";
  std::string text;
  for (const Unit& unit : kUnits) {
    auto number = duration / unit.length;
    duration %= unit.length;
    if (number == 0) continue;
    // A negative one has its sign in front of all of it.
    if (number < 0 && text.empty()) text += '-';
    text += std::to_string(number < 0 ? -number : number);
    text += unit.name;
  }
  return text;
}

}  // namespace berth
