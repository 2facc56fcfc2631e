// system.h - what the module asks of the system that it runs on. One file for each behind it.
//
// Any thread may call these; none of them throws but for want of memory.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "berth/address.h"
#include "berth/error.h"

namespace berth::rras {

// A variable of the environment, as it is now; nothing: it is not set, or empty.
[[nodiscard]] std::optional<std::string> environment(const char* name);

// Where this module lies, and where settings lie that are not beside it.
[[nodiscard]] std::string module_folder();
[[nodiscard]] std::string common_folder();

// berth.toml: what BERTH_SETTINGS names, else the one beside the module, else that of
// common_folder().
[[nodiscard]] std::string settings_path();

[[nodiscard]] std::string computer_name();

// A text that is another one after each start of the service: what BERTH_BOOT_EPOCH says, else its
// process and when that began; where there is no such service, the same of this process.
[[nodiscard]] std::string boot_epoch();

// The addresses of this server's own interfaces, loopback left out.
struct OwnAddresses {
  std::vector<Ipv4> ipv4;
  std::vector<InterfaceId> identifiers;  // of its IPv6 addresses, whatever their prefix
  bool operator==(const OwnAddresses&) const = default;
};
[[nodiscard]] OwnAddresses own_addresses();

// As long as somebody has this, the module stays loaded, though RAS unloads it.
[[nodiscard]] std::shared_ptr<void> stay_loaded();

// Makes the folder of this file where it is missing, for administrators alone; the one above it
// must be there. Says nothing: whoever opens the file will.
void make_folder_of(const std::string& file);

}  // namespace berth::rras
