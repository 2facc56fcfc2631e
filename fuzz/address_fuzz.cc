// address_fuzz.cc - any bytes as an address, prefix, range or identifier.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "berth/address.h"

namespace berth {
namespace {

// What is read is printed and read again as the same value; what is refused, shortly.
template <class T>
void try_parse(std::string_view text) {
  auto value = T::parse(text);
  if (!value) {
    BERTH_ASSERT(value.error().code == Code::invalid && value.error().what.size() <= 600);
    return;
  }
  auto again = T::parse(value->to_string());
  BERTH_ASSERT(again && *again == *value);
}

}  // namespace
}  // namespace berth

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  berth::try_parse<berth::Ipv4>(text);
  berth::try_parse<berth::Ipv6>(text);
  berth::try_parse<berth::InterfaceId>(text);
  berth::try_parse<berth::Ipv6Prefix>(text);
  berth::try_parse<berth::Ipv4Range>(text);
  berth::try_parse<berth::Ipv6Range>(text);
  berth::try_parse<berth::AnyRange>(text);
  return 0;
}
