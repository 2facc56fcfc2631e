// settings.h - berth.toml: where the store is, and the Plan.
//
// Five lines are enough; examples/berth.toml has every key with its meaning. An unknown key, an
// overlap or a bad range is an Error that names file, line and remedy.
//
//   Result<Settings> settings = read_settings("/etc/berth/berth.toml");
//
// Any thread may call these.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "berth/address.h"
#include "berth/error.h"
#include "berth/plan.h"

namespace berth {

// How much a module tells of: each of these, and those before it.
enum class LogLevel : std::uint8_t { error, warning, information, debug };

// What berth.dll, the module for Windows RRAS, has of its own.
struct RrasSettings {
  std::string server;            // what it calls its server; empty: the computer's name
  Milliseconds deadline{500ms};  // of every callout; after that the user is refused
  LogLevel log = LogLevel::information;
};

// The longest that a callout may take: RAS keeps all others waiting meanwhile.
inline constexpr Milliseconds kMaxCalloutDeadline = 60s;

// The RAS side: which administration modules it calls, and how (docs/contract.md).
struct RasSettings {
  // Under which condition a call fails for good, and what that means.
  enum class WhenOff : std::uint8_t {
    refuse,  // whoever has a say must be heard: no connection comes up
    skip,    // the module is passed over as if it were not there
  };
  std::string display_name;          // of the list (R100)
  std::vector<std::string> modules;  // absolute paths, in the order of every rule (R101)
  std::string server = "ras";        // what the leases call this server
  std::vector<Ipv4> own;             // the server's own addresses: no module may give them (R28)
  bool strict = false;           // refuse what the documentation asks for and RAS does not (R98)
  bool foreign = true;           // a module may give an address that is in no pool
  bool in_process = false;       // modules run here, and not in processes of their own
  Milliseconds deadline{200ms};  // of each call
  int failures = 5;              // in a row, after which a module is off
  WhenOff when_off = WhenOff::refuse;
};

// Modules of one list; each costs a call for every connection.
inline constexpr std::size_t kMostModules = 64;

struct Settings {
  std::string store;  // path of the store; relative ones count from the settings file
  Plan plan;
  RrasSettings rras;
  RasSettings ras;
};

// Where the store is if the settings do not say: below /var/lib, or below %ProgramData%.
[[nodiscard]] std::string default_store();

// settings_invalid or not_found.
[[nodiscard]] Result<Settings> read_settings(const std::string& path);

// The same from text; `name` stands for the file in errors, relative paths stay as they are.
[[nodiscard]] Result<Settings> parse_settings(std::string_view text, std::string_view name);

}  // namespace berth
