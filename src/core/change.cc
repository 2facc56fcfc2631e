// change.cc - steps to bytes and back. docs/journal.md describes the same in words.
#include "core/change.h"

#include <algorithm>

#include "core/kinds.h"
#include "core/wire.h"

namespace berth {
namespace {

// The first byte of a step. Numbers are for ever; new steps get new ones.
enum class Tag : std::uint8_t {
  begin = 1,
  end = 2,
  alive = 3,
  boot = 4,
  reserve = 5,
  unreserve = 6,
  cooled = 7,
  clock_stepped = 8,
  erase = 9,
  forget = 10,
  rename = 11,
  restored = 12,
  rules_changed = 13,
  provided = 14,
  paid = 15,
};

// Bits of the byte that follows a lease's id and generation.
constexpr std::uint8_t kActive = 1;
constexpr std::uint8_t kPortKey = 2;
constexpr std::uint8_t kSecond = 4;
constexpr std::uint8_t kOtherUser = 8;    // the raw name differs from the owner and follows
constexpr std::uint8_t kManyStarts = 16;  // the kinds began at different times

// Bits of the byte before addresses.
constexpr std::uint8_t kHasIpv4 = 1;
constexpr std::uint8_t kHasIpv6 = 2;
constexpr std::uint8_t kHasDelegated = 4;

std::int64_t millis(WallTime time) { return time.time_since_epoch().count(); }
WallTime wall(std::int64_t millis) { return WallTime(Milliseconds(millis)); }

std::array<bool, kKinds> kinds_of(const Addresses& addresses) {
  return {addresses.ipv4.has_value(), addresses.ipv6.has_value(), addresses.delegated.has_value()};
}

// When the lease's first kind began, and whether another began at another time.
std::pair<WallTime, bool> starts_of(const LeaseRecord& lease) {
  std::optional<WallTime> first;
  bool many = false;
  const auto kinds = kinds_of(lease.addresses);
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    if (!kinds[kind]) continue;
    if (!first) first = lease.started[kind];
    many = many || lease.started[kind] != *first;
  }
  return {first.value_or(WallTime{}), many};
}

void put(WireWriter& out, const Ipv6Prefix& prefix) {
  const Uint128 bits = prefix.address().bits();
  out.number(static_cast<std::uint64_t>(bits >> 64));
  out.number(static_cast<std::uint64_t>(bits));
  out.number(static_cast<std::uint8_t>(prefix.length()));
}

void put(WireWriter& out, const Addresses& addresses) {
  out.number(static_cast<std::uint8_t>((addresses.ipv4 ? kHasIpv4 : 0) |
                                       (addresses.ipv6 ? kHasIpv6 : 0) |
                                       (addresses.delegated ? kHasDelegated : 0)));
  if (addresses.ipv4) out.number(addresses.ipv4->bits());
  if (addresses.ipv6) put(out, *addresses.ipv6);
  if (addresses.delegated) put(out, *addresses.delegated);
}

void put(WireWriter& out, const LeaseRecord& lease) {
  constexpr std::size_t kNumbers = 160;  // more than all that is no text, here and behind it
  out.make_room(lease.owner.size() + lease.user.size() + lease.server.size() + lease.port.size() +
                lease.session.size() + kNumbers);
  const auto [started, many] = starts_of(lease);
  out.number(lease.id.value);
  out.number(lease.generation.value);
  out.number(static_cast<std::uint8_t>(
      (lease.state == State::active ? kActive : 0) | (lease.key == KeyKind::port ? kPortKey : 0) |
      (lease.second ? kSecond : 0) | (lease.user != lease.owner ? kOtherUser : 0) |
      (many ? kManyStarts : 0)));
  out.text(lease.owner);
  if (lease.user != lease.owner) out.text(lease.user);
  out.text(lease.server);
  out.text(lease.port);
  out.text(lease.session);
  put(out, lease.addresses);
  out.number(millis(started));
  if (many) {
    for (WallTime each : lease.started) out.number(millis(each));
  }
  out.number(millis(lease.renewed));
  out.number(static_cast<std::uint32_t>(lease.hold_time.count()));
  out.number(static_cast<std::uint32_t>(lease.lease_time.count()));
}

std::optional<Ipv6Prefix> get_prefix(WireReader& in) {
  const auto high = in.number<std::uint64_t>();
  const auto low = in.number<std::uint64_t>();
  Result<Ipv6Prefix> prefix =
      Ipv6Prefix::make(Ipv6(high, InterfaceId(low)), in.number<std::uint8_t>());
  if (prefix) return *prefix;
  in.fail();
  return std::nullopt;
}

Addresses get_addresses(WireReader& in) {
  Addresses addresses;
  const auto has = in.number<std::uint8_t>();
  if (has > (kHasIpv4 | kHasIpv6 | kHasDelegated)) in.fail();
  if ((has & kHasIpv4) != 0) addresses.ipv4 = Ipv4(in.number<std::uint32_t>());
  if ((has & kHasIpv6) != 0) addresses.ipv6 = get_prefix(in);
  if ((has & kHasDelegated) != 0) addresses.delegated = get_prefix(in);
  return addresses;
}

LeaseRecord get_lease(WireReader& in) {
  LeaseRecord lease;
  lease.id.value = in.number<std::uint64_t>();
  lease.generation.value = in.number<std::uint64_t>();
  const auto bits = in.number<std::uint8_t>();
  if (bits > (kActive | kPortKey | kSecond | kOtherUser | kManyStarts)) in.fail();
  lease.state = (bits & kActive) != 0 ? State::active : State::held;
  lease.key = (bits & kPortKey) != 0 ? KeyKind::port : KeyKind::session;
  lease.second = (bits & kSecond) != 0;
  lease.owner = in.text();
  lease.user = (bits & kOtherUser) != 0 ? in.text() : lease.owner;
  lease.server = in.text();
  lease.port = in.text();
  lease.session = in.text();
  lease.addresses = get_addresses(in);
  const WallTime started = wall(in.number<std::int64_t>());
  const auto kinds = kinds_of(lease.addresses);
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    if (kinds[kind]) lease.started[kind] = started;
  }
  if ((bits & kManyStarts) != 0) {
    for (WallTime& each : lease.started) each = wall(in.number<std::int64_t>());
  }
  lease.renewed = wall(in.number<std::int64_t>());
  lease.hold_time = Milliseconds(in.number<std::uint32_t>());
  lease.lease_time = Milliseconds(in.number<std::uint32_t>());
  return lease;
}

template <class Enum>
Enum get_enum(WireReader& in, Enum last) {
  const auto value = in.number<std::uint8_t>();
  if (value > static_cast<std::uint8_t>(last)) in.fail();
  return static_cast<Enum>(value);
}

WallTime get_time(WireReader& in) { return wall(in.number<std::int64_t>()); }

// One overload a step and direction, in the order of change.h.

void write(WireWriter& out, const Begin& step) {
  out.number(static_cast<std::uint8_t>(Tag::begin));
  put(out, step.lease);
}
Begin read_begin(WireReader& in) { return {get_lease(in)}; }

void write(WireWriter& out, const End& step) {
  out.number(static_cast<std::uint8_t>(Tag::end));
  put(out, step.lease);
  out.number(millis(step.ended));
  out.number(static_cast<std::uint8_t>(step.cause));
  out.number(static_cast<std::uint8_t>(step.whole));
  out.number(static_cast<std::uint8_t>(step.cools));
  out.number(step.serial);
}
End read_end(WireReader& in) {
  End step;
  step.lease = get_lease(in);
  step.ended = get_time(in);
  step.cause = get_enum(in, Cause::operator_action);
  step.whole = in.number<std::uint8_t>() != 0;
  step.cools = in.number<std::uint8_t>() != 0;
  step.serial = in.number<Serial>();
  return step;
}

void write(WireWriter& out, const Alive& step) {
  out.number(static_cast<std::uint8_t>(Tag::alive));
  out.number(step.id.value);
  out.number(step.generation.value);
  out.number(millis(step.at));
}
Alive read_alive(WireReader& in) {
  const LeaseId id{in.number<std::uint64_t>()};
  const Generation generation{in.number<std::uint64_t>()};
  return {id, generation, get_time(in)};
}

void write(WireWriter& out, const Boot& step) {
  out.number(static_cast<std::uint8_t>(Tag::boot));
  out.text(step.server);
  out.text(step.epoch);
  out.number(step.before.value);
  out.number(millis(step.at));
}
Boot read_boot(WireReader& in) {
  const std::string_view server = in.text();
  const std::string_view epoch = in.text();
  const Generation before{in.number<std::uint64_t>()};
  return {server, epoch, before, get_time(in)};
}

void write(WireWriter& out, const Reserve& step) {
  out.number(static_cast<std::uint8_t>(Tag::reserve));
  out.text(step.owner);
  out.text(step.user);
  put(out, step.addresses);
}
Reserve read_reserve(WireReader& in) {
  const std::string_view owner = in.text();
  const std::string_view user = in.text();
  return {owner, user, get_addresses(in)};
}

void write(WireWriter& out, const Unreserve& step) {
  out.number(static_cast<std::uint8_t>(Tag::unreserve));
  out.text(step.owner);
  put(out, step.addresses);
}
Unreserve read_unreserve(WireReader& in) {
  const std::string_view owner = in.text();
  return {owner, get_addresses(in)};
}

void write(WireWriter& out, const Cooled& step) {
  out.number(static_cast<std::uint8_t>(Tag::cooled));
  out.text(step.pool);
  out.number(static_cast<std::uint8_t>(step.kind));
  out.number(step.serial);
}
Cooled read_cooled(WireReader& in) {
  const std::string_view pool = in.text();
  const Kind kind = get_enum(in, Kind::delegated);
  return {pool, kind, in.number<Serial>()};
}

void write(WireWriter& out, const ClockStepped& step) {
  out.number(static_cast<std::uint8_t>(Tag::clock_stepped));
  out.number(millis(step.from));
  out.number(millis(step.to));
}
ClockStepped read_clock_stepped(WireReader& in) {
  const WallTime from = get_time(in);
  return {from, get_time(in)};
}

void write(WireWriter& out, const Erase& step) {
  out.number(static_cast<std::uint8_t>(Tag::erase));
  out.text(step.owner);
  out.number(millis(step.at));
}
Erase read_erase(WireReader& in) {
  const std::string_view owner = in.text();
  return {owner, get_time(in)};
}

void write(WireWriter& out, const Forget& step) {
  out.number(static_cast<std::uint8_t>(Tag::forget));
  out.number(millis(step.before));
  out.number(millis(step.at));
}
Forget read_forget(WireReader& in) {
  const WallTime before = get_time(in);
  return {before, get_time(in)};
}

void write(WireWriter& out, const Rename& step) {
  out.number(static_cast<std::uint8_t>(Tag::rename));
  out.text(step.owner);
  out.text(step.user);
  out.text(step.renamed);
}
Rename read_rename(WireReader& in) {
  const std::string_view owner = in.text();
  const std::string_view user = in.text();
  return {owner, user, in.text()};
}

void write(WireWriter& out, const Restored& step) {
  out.number(static_cast<std::uint8_t>(Tag::restored));
  out.number(millis(step.taken));
  out.number(millis(step.at));
  out.number(static_cast<std::uint8_t>(step.trusted));
}
Restored read_restored(WireReader& in) {
  const WallTime taken = get_time(in);
  const WallTime at = get_time(in);
  return {taken, at, in.number<std::uint8_t>() != 0};
}

void write(WireWriter& out, const RulesChanged& step) {
  out.number(static_cast<std::uint8_t>(Tag::rules_changed));
  out.text(step.rules);
}
RulesChanged read_rules_changed(WireReader& in) { return {in.text()}; }

void write(WireWriter& out, const Provided& step) {
  out.number(static_cast<std::uint8_t>(Tag::provided));
  out.number(step.id.value);
  out.number(step.generation.value);
  out.number(static_cast<std::uint8_t>(step.kind));
  out.number(static_cast<std::uint8_t>(step.release));
  for (std::string_view text : {step.module, step.owner, step.user, step.server, step.port}) {
    out.text(text);
  }
  put(out, step.address);
}
Provided read_provided(WireReader& in) {
  Provided step;
  step.id.value = in.number<std::uint64_t>();
  step.generation.value = in.number<std::uint64_t>();
  step.kind = get_enum(in, Kind::delegated);
  step.release = in.number<std::uint8_t>() != 0;
  for (std::string_view* text : {&step.module, &step.owner, &step.user, &step.server, &step.port}) {
    *text = in.text();
  }
  step.address = get_addresses(in);
  return step;
}

void write(WireWriter& out, const Paid& step) {
  out.number(static_cast<std::uint8_t>(Tag::paid));
  out.number(step.generation.value);
  out.number(static_cast<std::uint8_t>(step.kind));
}
Paid read_paid(WireReader& in) {
  const Generation generation{in.number<std::uint64_t>()};
  return {generation, get_enum(in, Kind::delegated)};
}

std::optional<Step> read_step(WireReader& in) {
  switch (static_cast<Tag>(in.number<std::uint8_t>())) {
    case Tag::begin: return read_begin(in);
    case Tag::end: return read_end(in);
    case Tag::alive: return read_alive(in);
    case Tag::boot: return read_boot(in);
    case Tag::reserve: return read_reserve(in);
    case Tag::unreserve: return read_unreserve(in);
    case Tag::cooled: return read_cooled(in);
    case Tag::clock_stepped: return read_clock_stepped(in);
    case Tag::erase: return read_erase(in);
    case Tag::forget: return read_forget(in);
    case Tag::rename: return read_rename(in);
    case Tag::restored: return read_restored(in);
    case Tag::rules_changed: return read_rules_changed(in);
    case Tag::provided: return read_provided(in);
    case Tag::paid: return read_paid(in);
  }
  return std::nullopt;
}

}  // namespace

WallTime first_start(const LeaseRecord& lease) {
  WallTime first = WallTime::max();
  for (Kind kind : kAllKinds) {
    if (has(lease.addresses, kind)) first = std::min(first, lease.started[index_of(kind)]);
  }
  return first;
}

void ChangeWriter::add(const Step& step) {
  WireWriter out(out_);
  std::visit([&out](const auto& each) { write(out, each); }, step);
}

void ChangeWriter::add(const Begin& step) {
  WireWriter out(out_);
  write(out, step);
}

void ChangeWriter::add(const End& step) {
  WireWriter out(out_);
  write(out, step);
}

Result<Step> StepReader::next() {
  WireReader in(rest_);
  std::optional<Step> step = read_step(in);
  if (!step || !in.ok()) {
    std::string what = "the journal holds bytes that are not a step, " +
                       std::to_string(rest_.size()) + " bytes before the end of a change";
    rest_ = {};
    return fail(Code::store_corrupt, std::move(what), "restore the last backup");
  }
  rest_ = in.rest();
  return *std::move(step);
}

}  // namespace berth
