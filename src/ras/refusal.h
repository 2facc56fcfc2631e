// refusal.h - why RAS does not take an administration module: what, which export, which rule.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

namespace berth::ras {

// Error codes of Windows that RAS gives for modules (winerror.h).
enum class Win32 : std::uint32_t {
  none = 0,
  access_denied = 5,
  invalid_parameter = 87,
  module_not_found = 126,
  bad_image = 193,
  not_found = 1168,
  no_addresses = 717,      // ERROR_NO_IP_ADDRESSES
  address_rejected = 735,  // ERROR_PPP_REQUIRED_ADDRESS_REJECTED
  registry_corrupt = 1015,
};

struct Refusal {
  std::uint32_t code = 0;  // as RAS gives it, or what Initialize returned (R11)
  std::string rule;        // "R36"; empty: it is about no rule of the contract
  std::string module;      // its path; empty: it is about no module
  std::string callout;     // the export or slot that it is about; may be empty
  std::string what;        // one sentence that names the thing
  std::string remedy;      // what to do

  bool operator==(const Refusal&) const = default;
};

// "module /opt/a.so: exports MprAdminGetIpAddressForUser without … (R36, error 87); …"
[[nodiscard]] std::string to_string(const Refusal& refusal);

template <class T>
using Loaded = std::expected<T, Refusal>;

}  // namespace berth::ras
