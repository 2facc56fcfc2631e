// registered.h - the list of modules as this machine has it: on Windows, in its registry.
//
// Reading is one file for each system; what the values mean is the same everywhere, so that it can
// be tested everywhere. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ras/registration.h"

namespace berth::ras {

// Types of values that RAS takes (winnt.h); any other is refused with 1015 (R103).
inline constexpr std::uint32_t kTextValue = 1;        // REG_SZ
inline constexpr std::uint32_t kExpandableValue = 2;  // REG_EXPAND_SZ

// A value as it lies there.
struct RegisteredValue {
  std::uint32_t type = kTextValue;
  std::string text;  // of the two types above: with environment variables expanded (R103)
};

// All that there is under kRegistryKey. Names of values are found in any case (R103).
struct Registered {
  bool key = false;  // it is there; without it there is no module (R102)
  std::optional<RegisteredValue> display_name;
  std::optional<RegisteredValue> dll_path;
};

// What HKEY_LOCAL_MACHINE of this machine has, in the view of 64-bit programs. Refused: the key or
// a value cannot be read; or, where there is no registry, always.
[[nodiscard]] Loaded<Registered> read_registered();

// The list that it stands for: R102 to R105. Pure.
[[nodiscard]] Loaded<Registration> registration_of(const Registered& registered);

// The number under which RAS logs why it does not start: 20113, or one of the few that say more
// (R111). Pure.
[[nodiscard]] std::uint32_t event_id_of(const Refusal& refusal);

// Writes why RAS does not start to the event log of Windows (R111), as the source "rashost", which
// is in the log of applications unless somebody registers it elsewhere. False: it cannot be
// written, or there is no such log.
bool log_refusal(const Refusal& refusal);

}  // namespace berth::ras
