// address.cc - between addresses of ours and the bytes of a callout.
#include "ras/address.h"

namespace berth::ras {
namespace {

// Most significant byte first.
template <class Number>
void put(Number number, std::uint8_t* to) {
  for (std::size_t i = sizeof(Number); i-- > 0; number = static_cast<Number>(number >> 8)) {
    to[i] = static_cast<std::uint8_t>(number);
  }
}
template <class Number>
Number get(const std::uint8_t* from) {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    number = static_cast<Number>((number << 8) | from[i]);
  }
  return number;
}

}  // namespace

std::string_view family_name(Family family) { return family == Family::ipv4 ? "ipv4" : "ipv6"; }

CalloutAddress::CalloutAddress(Ipv4 address) { put<std::uint32_t>(address.bits(), bytes_.data()); }

CalloutAddress::CalloutAddress(InterfaceId identifier) {
  put<std::uint64_t>(identifier.bits(), bytes_.data());
}

Ipv4 CalloutAddress::ipv4() const { return Ipv4(get<std::uint32_t>(bytes_.data())); }

InterfaceId CalloutAddress::identifier() const {
  return InterfaceId(get<std::uint64_t>(bytes_.data()));
}

std::string CalloutAddress::to_string(Family family) const {
  if (none()) return "none";
  return family == Family::ipv4 ? ipv4().to_string() : Ipv6(0, identifier()).to_string();
}

}  // namespace berth::ras
