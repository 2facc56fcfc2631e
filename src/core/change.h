// change.h - what happened, as the journal keeps it.
//
// A Change is a list of steps that happen together or not at all. Steps hold outcomes (this
// lease with these addresses ended then), never rules to apply again, so a journal survives
// changed settings. The allocator proposes a Change as bytes, a store makes the bytes durable,
// and the same bytes are then applied: what runs is what replays.
//
//   ChangeWriter writer;
//   writer.add(Begin{record});
//   store.commit(writer.bytes());
//   for (StepReader reader(bytes); !reader.done();) { Result<Step> step = reader.next(); … }
//
// The format is described in docs/journal.md: little-endian, each step a tag byte and its fields,
// texts as a 16-bit length and bytes. Text in a decoded step points into the bytes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "berth/error.h"
#include "berth/lease.h"

namespace berth {

// Grows by one with each lease begun and each address given back, over the life of a store.
// Generations are serials; so is the order in which addresses were last used.
using Serial = std::uint64_t;

// How a connection is told from others: which fields its id was made of.
enum class KeyKind : std::uint8_t { session, port };

// A lease with all there is to know of it. `started` is by kind: RAS adds kinds one by one.
struct LeaseRecord {
  LeaseId id;
  Generation generation;
  State state = State::held;
  KeyKind key = KeyKind::session;
  bool second = false;
  std::string_view owner;
  std::string_view user;  // the raw name
  std::string_view server;
  std::string_view port;
  std::string_view session;
  Addresses addresses;
  std::array<WallTime, kKinds> started{};  // of the kinds that are there
  WallTime renewed{};                      // the last sign of life
  // How long it may stay held, and how long it lives without a renewal (zero: for ever). Each
  // less than 49 days (32 bits of milliseconds). Outcomes of a rule that may change, so kept.
  Milliseconds hold_time{0};
  Milliseconds lease_time{0};
};

// When the first of its kinds began.
[[nodiscard]] WallTime first_start(const LeaseRecord& lease);

// A lease begins; or, where the id is known, kinds join it: the generation is the same then, and
// only those kinds and when they began are taken from here. A new generation of a connection is
// an End of the lease that it had and a Begin, in one change.
struct Begin {
  LeaseRecord lease;
};

// These addresses of a lease are given back. `whole`: the lease ends with them. The record
// holds just the addresses that end, so that it is the row for history.
struct End {
  LeaseRecord lease;
  WallTime ended{};
  Cause cause = Cause::released;
  bool whole = true;
  // False where the address moves on in the same change (take-over, a new generation): then it
  // neither cools nor becomes free.
  bool cools = true;
  Serial serial = 0;  // order of last use
};

// The server says the session is up.
struct Alive {
  LeaseId id;
  Generation generation;
  WallTime at{};
};

// A server started anew: leases of it with a generation below `before` are over. Their Ends
// follow, perhaps in later changes; a restart in between makes up for the rest.
struct Boot {
  std::string_view server;
  std::string_view epoch;
  Generation before;
  WallTime at{};
};

struct Reserve {
  std::string_view owner;
  std::string_view user;
  Addresses addresses;
};

struct Unreserve {
  std::string_view owner;
  Addresses addresses;
};

// All addresses of this kind of this pool whose last use has a serial of at most this have
// finished their cool-down. Rides along with other changes; losing it costs a second cool-down.
struct Cooled {
  std::string_view pool;
  Kind kind = Kind::ipv4;
  Serial serial = 0;
};

// The wall clock jumped by more than it should have.
struct ClockStepped {
  WallTime from{};
  WallTime to{};
};

// An owner was erased. The name is here only until the erasure has reached everything that is
// kept; the record of it that stays has no name (docs/store.md).
struct Erase {
  std::string_view owner;
  WallTime at{};
};

// History that ended before this was deleted.
struct Forget {
  WallTime before{};
  WallTime at{};
};

// The owner rules changed: what was kept under `owner` with this raw name is now under `renamed`.
struct Rename {
  std::string_view owner;
  std::string_view user;
  std::string_view renamed;
};

// The store was restored from a backup taken at `taken`. Leases given since are not in it: until
// each server that it knows has booted or listed its sessions, no address that it calls free goes
// to a new owner. `trusted`: the operator says that nothing was given since; clears what an earlier
// one set. Serials go on kLostSerials later: those used since `taken` are lost, and must not come
// again.
inline constexpr Serial kLostSerials = Serial{1} << 32;
struct Restored {
  WallTime taken{};
  WallTime at{};
  bool trusted = false;
};

// The owner rules in force from here on, as text that compares equal when they are the same.
struct RulesChanged {
  std::string_view rules;
};

// A module's Get answered for this kind of a lease (contract R20-R33). `release`: it asked for the
// Release, which is owed to it from when the lease no longer has the kind until a Paid. All that
// the call takes is here: the lease may be long gone then.
struct Provided {
  LeaseId id;
  Generation generation;
  Kind kind = Kind::ipv4;
  bool release = false;
  std::string_view module;
  std::string_view owner;
  std::string_view user;
  std::string_view server;
  std::string_view port;
  Addresses address;  // just this kind
};

// Nothing is owed for this kind of this lease any more: the Release is made, or none was asked for.
struct Paid {
  Generation generation;
  Kind kind = Kind::ipv4;
};

using Step = std::variant<Begin, End, Alive, Boot, Reserve, Unreserve, Cooled, ClockStepped, Erase,
                          Forget, Rename, Restored, RulesChanged, Provided, Paid>;

// Appends steps to a buffer. Texts longer than 65,535 bytes must not come here.
class ChangeWriter {
 public:
  explicit ChangeWriter(std::string& out) : out_(out) {}
  void add(const Step& step);
  void add(const Begin& step);  // the two that are written most, without a variant around them
  void add(const End& step);

 private:
  std::string& out_;
};

// Reads steps one after another. After an error nothing more can be read.
class StepReader {
 public:
  explicit StepReader(std::string_view bytes) : rest_(bytes) {}
  [[nodiscard]] bool done() const { return rest_.empty(); }
  // store_corrupt: the bytes are not a step; says at which offset from the end.
  [[nodiscard]] Result<Step> next();

 private:
  std::string_view rest_;
};

}  // namespace berth
