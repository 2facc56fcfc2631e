// day_settings.cc - settings as text, with pools in proportion to the users.
#include "play/day_settings.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string_view>

#include "berth/address.h"

namespace berth::play {
namespace {

// Addresses for each 1000 users, measured on days of 20,000: a good two thirds of the staff's are
// taken when most people are there, so nearly everybody who comes back finds the old one; the
// contractors' run out for a few minutes. tests/day_test.cc holds both to it.
constexpr std::uint64_t kStaff = 800;
constexpr std::uint64_t kContractors = 78;

// Small groups of people are less even than large ones.
constexpr std::uint64_t kLeast = 16;

constexpr std::string_view kTop = R"(# Settings for a day made by `berth play --synthesise`.
store = "berth.db"

# The same person is CORP\Ana.Keller to one server and ana.keller@corp.example to another.
[owners.domain_realms]
CORP = "corp.example"
PARTNER = "partner.example"

# RRAS gives each connection a port of its own, and never confirms.
[[server]]
name = "rras*"
exclusive_ports = true
confirms = false

# Room for most of the staff, and for hardly more contractors than are ever there at once. An
# address waits five minutes after its user has gone, unless it is the same user who comes back.
)";

constexpr std::string_view kRules = R"(
# RADIUS servers send an interim every hour: a lease that misses three is over, its stop was lost.
# RRAS sends none, and has exclusive ports instead.
[[rule]]
name = "contractors by RRAS"
groups = ["contractors"]
servers = ["rras*"]
pools = ["contractors"]

[[rule]]
name = "contractors"
groups = ["contractors"]
pools = ["contractors"]
lease_time = "3h"

[[rule]]
name = "staff by RRAS"
servers = ["rras*"]
pools = ["staff"]
second_login = "take_over"

# Who dials again because the line has dropped takes the old address along.
[[rule]]
name = "staff"
pools = ["staff"]
second_login = "take_over"
lease_time = "3h"
)";

std::uint64_t scaled(std::uint32_t users, std::uint64_t per_thousand) {
  return std::max(kLeast, users * per_thousand / 1000);
}

constexpr int kDelegated = 56;

// The longest prefix that can be cut into so many delegated ones.
int length_for(std::uint64_t count) {
  return kDelegated - static_cast<int>(std::bit_width(count - 1));
}

std::string range(std::uint32_t first, std::uint64_t count) {
  return Ipv4(first).to_string() + "-" +
         Ipv4(first + static_cast<std::uint32_t>(count) - 1).to_string();
}

}  // namespace

std::string day_settings(const SynthesisOptions& options) {
  constexpr std::uint32_t kStaffFrom = 0x0a400000;        // 10.64.0.0
  constexpr std::uint32_t kContractorsFrom = 0x0ac00000;  // 10.192.0.0
  std::string text(kTop);
  text += "[[pool]]\nname = \"staff\"\n";
  text += "ipv4 = [\"" + range(kStaffFrom, scaled(options.users, kStaff)) + "\"]\n";
  text += "[pool.ipv6_identifiers]\nprefix = \"2001:db8:0:64::/64\"\n";
  text += "[pool.delegated]\nfrom = [\"2001:db8:4000::/" +
          std::to_string(length_for(scaled(options.users, kStaff))) +
          "\"]\nlength = " + std::to_string(kDelegated) + "\n";
  text += "\n[[pool]]\nname = \"contractors\"\n";
  text += "ipv4 = [\"" + range(kContractorsFrom, scaled(options.users, kContractors)) + "\"]\n";
  text += "[pool.ipv6_identifiers]\nprefix = \"2001:db8:0:192::/64\"\n";
  text += kRules;
  return text;
}

}  // namespace berth::play
