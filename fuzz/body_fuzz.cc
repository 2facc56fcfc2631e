// body_fuzz.cc - any bytes as the body of a request to /v1.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "berth/error.h"
#include "wire/class_token.h"
#include "wire/fields.h"
#include "wire/requests.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto token = berth::parse_class_token(text)) {
    BERTH_ASSERT(berth::class_token_text(*token) == text);
  }
  const auto body = berth::parse_json(text, "the body");
  if (!body) return 0;
  if (const auto request = berth::read_request(*body)) {
    BERTH_ASSERT(request->groups.size() <= berth::kMaxGroups);
  }
  static_cast<void>(berth::read_lease_ref(*body));
  static_cast<void>(berth::read_epoch(*body));
  static_cast<void>(berth::read_sessions(*body));
  if (const auto addresses = berth::read_addresses(*body)) BERTH_ASSERT(!addresses->empty());
  return 0;
}
