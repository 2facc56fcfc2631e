// settings_fuzz.cc - any bytes as berth.toml.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "berth/settings.h"
#include "core/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  auto settings = berth::parse_settings(text, "berth.toml");
  if (settings) {
    // What was taken can be put to use.
    BERTH_ASSERT(!settings->store.empty());
    BERTH_ASSERT(berth::Policy::compile(settings->plan).has_value());
  } else {
    BERTH_ASSERT(settings.error().code == berth::Code::settings_invalid);
    BERTH_ASSERT(settings.error().what.find("berth.toml") != std::string::npos);
  }
  return 0;
}
