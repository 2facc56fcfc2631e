// lease_names.cc - the words for what lease.h has as values; part of the interface, never changed.
#include "berth/lease.h"

namespace berth {

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::ipv4: return "ipv4";
    case Kind::ipv6: return "ipv6";
    case Kind::delegated: return "delegated";
  }
  return "unknown";
}

std::string_view state_name(State state) {
  switch (state) {
    case State::held: return "held";
    case State::active: return "active";
  }
  return "unknown";
}

std::string_view cause_name(Cause cause) {
  switch (cause) {
    case Cause::released: return "released";
    case Cause::hold_expired: return "hold_expired";
    case Cause::lease_expired: return "lease_expired";
    case Cause::superseded: return "superseded";
    case Cause::taken_over: return "taken_over";
    case Cause::server_boot: return "server_boot";
    case Cause::operator_action: return "operator_action";
  }
  return "unknown";
}

std::string_view reason_name(Reason reason) {
  switch (reason) {
    case Reason::same_connection: return "same_connection";
    case Reason::taken_over: return "taken_over";
    case Reason::reservation: return "reservation";
    case Reason::last_address: return "last_address";
    case Reason::proposed: return "proposed";
    case Reason::least_recent: return "least_recent";
    case Reason::stable: return "stable";
    case Reason::module: return "module";
    case Reason::server_listed: return "server_listed";
  }
  return "unknown";
}

std::string Addresses::to_string() const {
  std::string text;
  auto add = [&text](const auto& address) {
    if (!address) return;
    if (!text.empty()) text += ' ';
    text += address->to_string();
  };
  add(ipv4);
  add(ipv6);
  add(delegated);
  return text;
}

std::string lease_id_text(LeaseId id) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = text.size(); i-- > 0; id.value >>= 4) text[i] = kDigits[id.value & 15];
  return text;
}

}  // namespace berth
