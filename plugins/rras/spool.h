// spool.h - what the notifications tell the address side: which connections have ended.
//
// RAS may run the two sides in two processes (R121), and only the one with the addresses has the
// book. So the other writes each end into a small file beside the store, and the address side takes
// what is there when it is called, and when it opens the book. Release tells it most of that
// anyway; but where Release never came, the lease ends with the time at which the user went.
//
// docs/rras.md has the format: a line for each end, fields with a tab between.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "berth/address.h"
#include "berth/time.h"

namespace berth::rras {

// A connection that has ended.
struct Ended {
  WallTime ended;
  // When it was accepted, which is after it got its addresses; nothing: that was in another
  // process.
  std::optional<WallTime> accepted;
  std::uint32_t seconds = 0;  // how long it was up, as RAS says
  std::optional<Ipv4> ipv4;
  std::optional<InterfaceId> identifier;
  std::string user;
  bool operator==(const Ended&) const = default;
};

// Without the end of the line. Nothing: it is no such line, or of a later Berth.
[[nodiscard]] std::string line_of(const Ended& ended);
[[nodiscard]] std::optional<Ended> parse_ended(std::string_view line);

// What is not taken is kept up to this; more is dropped, and its leases end at the next boot.
inline constexpr std::uint64_t kMostSpooled = 1 << 20;

// Safe to use from any thread, and by two processes at once.
class Spool {
 public:
  explicit Spool(std::string path) : path_(std::move(path)) {}
  // The file that belongs to a store.
  [[nodiscard]] static std::string path_of(const std::string& store) { return store + ".ended"; }

  // Not synced: after a power cut there is a boot, which ends all. unavailable, in words: it was
  // dropped.
  [[nodiscard]] Done add(const Ended& ended) const;
  // Everything that is there, which is gone then. Lines that cannot be read are passed over.
  [[nodiscard]] std::vector<Ended> take() const;

 private:
  std::string path_;
};

}  // namespace berth::rras
