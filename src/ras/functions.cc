// functions.cc - arguments laid out as the contract has them, and what came back read from there.
#include "ras/functions.h"

#include <algorithm>
#include <vector>

#include "ras/describe.h"

namespace berth::ras {
namespace {

// What a Get may write to, with memory around it that it may not.
struct Guarded {
  static constexpr std::uint8_t kFill = 0xb5;
  std::array<std::uint8_t, 64> before;
  IN6_ADDR address;  // of IPv4 the first four bytes; so that more than those is found as well
  std::array<std::uint8_t, 64> between;
  BOOL notify = FALSE;  // R23
  std::array<std::uint8_t, 64> after;

  Guarded() {
    before.fill(kFill);
    between.fill(kFill);
    after.fill(kFill);
    std::ranges::fill(address.u.Byte, kFill);
  }
  [[nodiscard]] bool intact(Family family) const {
    const auto whole = [](const auto& bytes) {
      return std::ranges::all_of(bytes, [](std::uint8_t each) { return each == kFill; });
    };
    return whole(before) && whole(between) && whole(after) &&
           (family == Family::ipv6 || std::all_of(address.u.Byte + 4, address.u.Byte + 16,
                                                  [](std::uint8_t each) { return each == kFill; }));
  }

  void put(Family family, const CalloutAddress& from) {
    if (family == Family::ipv4) {
      std::copy_n(from.bytes().begin(), 4, address.u.Byte);
    } else {
      std::fill_n(address.u.Byte, 8, std::uint8_t{0});  // R46
      std::ranges::copy(from.bytes(), address.u.Byte + 8);
    }
  }
  // The prefix half is RAS's, whatever was written there (R47).
  [[nodiscard]] CalloutAddress get(Family family) const {
    CalloutAddress taken;
    if (family == Family::ipv4) {
      std::copy_n(address.u.Byte, 4, taken.bytes().begin());
    } else {
      std::copy_n(address.u.Byte + 8, 8, taken.bytes().begin());
    }
    return taken;
  }
  [[nodiscard]] bool prefix_changed() const {
    return !std::all_of(address.u.Byte, address.u.Byte + 8, [](auto each) { return each == 0; });
  }
  [[nodiscard]] DWORD* ipv4() { return reinterpret_cast<DWORD*>(address.u.Byte); }
};

Answer call_address(const Functions& functions, const Call& call, Loans& loans) {
  const bool ipv4 = call.callout == Callout::get_ipv4 || call.callout == Callout::release_ipv4;
  const Family family = ipv4 ? Family::ipv4 : Family::ipv6;
  WCHAR* const user = loans.lend_text(call.user);
  WCHAR* const port = loans.lend_text(call.port);
  Guarded* const memory = loans.lend(Guarded());
  memory->put(family, call.address);
  WCHAR* const user_text = call.nothing ? nullptr : user;
  WCHAR* const port_text = call.nothing ? nullptr : port;
  DWORD* const ipv4_address = call.nothing ? nullptr : memory->ipv4();
  IN6_ADDR* const ipv6_address = call.nothing ? nullptr : &memory->address;
  BOOL* const notify = call.nothing ? nullptr : &memory->notify;
  Answer answer;
  switch (call.callout) {
    case Callout::get_ipv4:
      answer.result = functions.as<PMPRADMINGETIPADDRESSFORUSER>(call.callout)(
          user_text, port_text, ipv4_address, notify);
      break;
    case Callout::get_ipv6:
      answer.result = functions.as<PMPRADMINGETIPV6ADDRESSFORUSER>(call.callout)(
          user_text, port_text, ipv6_address, notify);
      break;
    case Callout::release_ipv4:
      functions.as<PMPRADMINRELEASEIPADRESS>(call.callout)(user_text, port_text, ipv4_address);
      break;
    default:
      functions.as<PMPRADMINRELEASEIPV6ADDRESSFORUSER>(call.callout)(user_text, port_text,
                                                                     ipv6_address);
      break;
  }
  answer.address = memory->get(family);
  answer.notify_release = memory->notify != FALSE;  // R5: any but zero is TRUE
  answer.prefix_changed = family == Family::ipv6 && memory->prefix_changed();
  if (!memory->intact(family)) {
    answer.failure =
        CallFailure{CallFailure::How::overran, std::string(callout_name(call.callout)) +
                                                   " wrote beyond the memory of its answer"};
  }
  return answer;
}

Answer call_connection(const Functions& functions, const Call& call, Loans& loans) {
  BERTH_ASSERT(call.connection != nullptr);
  DescribedConnection* const all = loans.lend(describe(*call.connection));
  RAS_CONNECTION_0* const zero = call.nothing ? nullptr : &all->zero;
  RAS_CONNECTION_1* const one = call.nothing ? nullptr : &all->one;
  RAS_CONNECTION_2* const two = call.nothing ? nullptr : &all->two;
  RAS_CONNECTION_3* const three = call.nothing ? nullptr : &all->three;
  RAS_CONNECTION_EX* const ex = call.nothing ? nullptr : &all->ex;
  BOOL result = FALSE;
  const Callout callout = call.callout;
  switch (callout) {
    case Callout::accept_connection:
      result = functions.as<PMPRADMINACCEPTNEWCONNECTION>(callout)(zero, one);
      break;
    case Callout::accept_connection2:
      result = functions.as<PMPRADMINACCEPTNEWCONNECTION2>(callout)(zero, one, two);
      break;
    case Callout::accept_connection3:
      result = functions.as<PMPRADMINACCEPTNEWCONNECTION3>(callout)(zero, one, two, three);
      break;
    case Callout::accept_connection_ex:
    case Callout::accept_reauthentication_ex:
    case Callout::accept_endpoint_change:  // all three take and return the same
      result = functions.as<PMPRADMINACCEPTNEWCONNECTIONEX>(callout)(ex);
      break;
    case Callout::accept_reauthentication:
      result = functions.as<PMPRADMINACCEPTREAUTHENTICATION>(callout)(zero, one, two, three);
      break;
    case Callout::hang_up_connection:
      functions.as<PMPRADMINCONNECTIONHANGUPNOTIFICATION>(callout)(zero, one);
      break;
    case Callout::hang_up_connection2:
      functions.as<PMPRADMINCONNECTIONHANGUPNOTIFICATION2>(callout)(zero, one, two);
      break;
    case Callout::hang_up_connection3:
      functions.as<PMPRADMINCONNECTIONHANGUPNOTIFICATION3>(callout)(zero, one, two, three);
      break;
    default: functions.as<PMPRADMINCONNECTIONHANGUPNOTIFICATIONEX>(callout)(ex); break;
  }
  return {.result = static_cast<std::uint32_t>(result), .address = {}, .failure = {}};
}

Answer call_preauthentication(const Functions& functions, const Call& call) {
  BERTH_ASSERT(call.preauthentication != nullptr);
  std::vector<std::uint64_t> memory;  // as long as the client's information makes it, and aligned
  AUTH_VALIDATION_EX& validation = describe(*call.preauthentication, memory);
  Answer answer;
  answer.result = functions.as<PMPRADMINRASVALIDATEPREAUTHENTICATEDCONNECTIONEX>(call.callout)(
      call.nothing ? nullptr : &validation);
  return answer;
}

Answer call_link(const Functions& functions, const Call& call, Loans& loans) {
  BERTH_ASSERT(call.link != nullptr);
  DescribedLink* const both = loans.lend(describe(*call.link));
  RAS_PORT_0* const zero = call.nothing ? nullptr : &both->zero;
  RAS_PORT_1* const one = call.nothing ? nullptr : &both->one;
  Answer answer;
  if (call.callout == Callout::accept_link) {
    answer.result =
        static_cast<std::uint32_t>(functions.as<PMPRADMINACCEPTNEWLINK>(call.callout)(zero, one));
  } else {
    functions.as<PMPRADMINLINKHANGUPNOTIFICATION>(call.callout)(zero, one);
  }
  return answer;
}

Answer call_as_declared(const Functions& functions, const Call& call, Loans& loans) {
  switch (call.callout) {
    case Callout::get_ipv4:
    case Callout::release_ipv4:
    case Callout::get_ipv6:
    case Callout::release_ipv6: return call_address(functions, call, loans);
    case Callout::accept_link:
    case Callout::hang_up_link: return call_link(functions, call, loans);
    case Callout::validate_preauthenticated: return call_preauthentication(functions, call);
    case Callout::initialize:
    case Callout::terminate: {
      Answer answer;  // what Terminate returns is looked at by nobody (R15)
      answer.result = functions.as<PMPRADMINTERMINATEDLL>(call.callout)();
      return answer;
    }
    default: return call_connection(functions, call, loans);
  }
}

}  // namespace

CalloutSet Functions::set() const {
  CalloutSet set;
  for (Callout each : all_callouts()) {
    if (at(each) != nullptr) add(set, each);
  }
  return set;
}

Answer call_function(const Functions& functions, const Call& call, Loans& loans) {
  BERTH_ASSERT(functions.at(call.callout) != nullptr);
  Answer answer = call_as_declared(functions, call, loans);
  if (!loans.take_back() && !answer.failure) {
    answer.failure =
        CallFailure{CallFailure::How::kept,
                    "after " + std::string(callout_name(call.callout)) +
                        " something was written in memory of a callout before it, through a "
                        "pointer that the module had kept"};
  }
  return answer;
}

std::uint8_t read_table(const MPRAPI_ADMIN_DLL_CALLBACKS& table, Functions& functions) {
  const auto set = [&](Callout callout, auto pointer) {
    functions.set(callout, reinterpret_cast<AnyFunction>(pointer));
  };
  set(Callout::get_ipv4, table.lpfnMprAdminGetIpAddressForUser);
  set(Callout::release_ipv4, table.lpfnMprAdminReleaseIpAddress);
  set(Callout::get_ipv6, table.lpfnMprAdminGetIpv6AddressForUser);
  set(Callout::release_ipv6, table.lpfnMprAdminReleaseIpV6AddressForUser);
  set(Callout::accept_link, table.lpfnRasAdminAcceptNewLink);
  set(Callout::hang_up_link, table.lpfnRasAdminLinkHangupNotification);
  set(Callout::terminate, table.lpfnRasAdminTerminateDll);
  set(Callout::accept_connection_ex, table.lpfnRasAdminAcceptNewConnectionEx);
  set(Callout::accept_endpoint_change, table.lpfnRasAdminAcceptEndpointChangeEx);
  set(Callout::accept_reauthentication_ex, table.lpfnRasAdminAcceptReauthenticationEx);
  set(Callout::hang_up_connection_ex, table.lpfnRasAdminConnectionHangupNotificationEx);
  set(Callout::validate_preauthenticated, table.lpfnRASValidatePreAuthenticatedConnectionEx);
  return table.revision;
}

}  // namespace berth::ras
