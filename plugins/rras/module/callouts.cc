// callouts.cc - what RAS calls by name. Each checks what it was given (R7), and lets nothing be
// thrown out of it (R8).
#include "rras/module/border.h"
#include "rras/module/ex_callouts.h"
#include "rras/module/sides.h"

using berth::rras::connection_of;
using berth::rras::Win32;

namespace {

// Wants of memory, which is all that the border can fail of.
template <class Body, class Answer>
Answer at_the_border(Body body, Answer failed) noexcept try {
  return body();
} catch (...) {
  return failed;
}

template <class Raw>
DWORD get(const WCHAR* user, const WCHAR* port, Raw* address, BOOL* notify) {
  if (user == nullptr || port == nullptr || address == nullptr || notify == nullptr) {
    return ERROR_INVALID_PARAMETER;
  }
  return at_the_border(
      [&]() -> DWORD {
        auto who = berth::rras::text_of(user);
        auto where = berth::rras::text_of(port);
        if (!who || !where) return ERROR_INVALID_PARAMETER;
        const auto got = berth::rras::sides()->desk.get({*std::move(who), *std::move(where)},
                                                        berth::rras::address_in(address));
        if (!got) return static_cast<DWORD>(got.error());
        berth::rras::write(*got, address);
        *notify = TRUE;
        return NO_ERROR;
      },
      static_cast<DWORD>(Win32::function_failed));
}

template <class Raw>
void release(const WCHAR* user, const WCHAR* port, const Raw* address) {
  if (user == nullptr || port == nullptr || address == nullptr) return;
  at_the_border(
      [&] {
        auto who = berth::rras::text_of(user);
        auto where = berth::rras::text_of(port);
        if (!who || !where) return false;
        berth::rras::sides()->desk.release({*std::move(who), *std::move(where)},
                                           berth::rras::address_in(address));
        return true;
      },
      false);
}

template <class... Structures>
bool is_any_missing(const Structures*... structures) {
  for (const void* each : {static_cast<const void*>(structures)...}) {
    if (each == nullptr) return true;
  }
  return false;
}

// Berth keeps nobody out: who may come in is for others to say.
template <class... Structures>
BOOL accept(const Structures*... structures) {
  if (is_any_missing(structures...)) return FALSE;
  return at_the_border(
      [&]() -> BOOL {
        berth::rras::sides()->notices.accepted(connection_of(*structures...));
        return TRUE;
      },
      BOOL{TRUE});
}

template <class... Structures>
void end(const Structures*... structures) {
  if (is_any_missing(structures...)) return;
  at_the_border(
      [&] {
        berth::rras::sides()->notices.ended(connection_of(*structures...));
        return true;
      },
      false);
}

}  // namespace

// --- Start and end ---

// Nothing can keep RAS from starting: what is missing now may be there when the first user comes.
DWORD APIENTRY MprAdminInitializeDll(VOID) {
  at_the_border(
      [] {
        berth::rras::service_starts();
        return true;
      },
      false);
  return NO_ERROR;
}

DWORD APIENTRY MprAdminTerminateDll(VOID) {
  at_the_border(
      [] {
        berth::rras::service_stops();
        return true;
      },
      false);
  return NO_ERROR;
}

// --- Addresses ---

DWORD APIENTRY MprAdminGetIpAddressForUser(WCHAR* user, WCHAR* port, DWORD* address, BOOL* notify) {
  return get(user, port, address, notify);
}

VOID APIENTRY MprAdminReleaseIpAddress(WCHAR* user, WCHAR* port, DWORD* address) {
  release(user, port, address);
}

DWORD APIENTRY MprAdminGetIpv6AddressForUser(WCHAR* user, WCHAR* port, IN6_ADDR* address,
                                             BOOL* notify) {
  return get(user, port, address, notify);
}

VOID APIENTRY MprAdminReleaseIpv6AddressForUser(WCHAR* user, WCHAR* port, IN6_ADDR* address) {
  release(user, port, address);
}

// --- Connections ---

BOOL APIENTRY MprAdminAcceptNewConnection(RAS_CONNECTION_0* connection0,
                                          RAS_CONNECTION_1* connection1) {
  return accept(connection0, connection1);
}

// What the second structure adds is nothing that we need.
BOOL APIENTRY MprAdminAcceptNewConnection2(RAS_CONNECTION_0* connection0,
                                           RAS_CONNECTION_1* connection1,
                                           RAS_CONNECTION_2* connection2) {
  if (connection2 == nullptr) return FALSE;
  return accept(connection0, connection1);
}

BOOL APIENTRY MprAdminAcceptNewConnection3(RAS_CONNECTION_0* connection0,
                                           RAS_CONNECTION_1* connection1,
                                           RAS_CONNECTION_2* connection2,
                                           RAS_CONNECTION_3* connection3) {
  if (connection2 == nullptr) return FALSE;
  return accept(connection0, connection1, connection3);
}

BOOL APIENTRY MprAdminAcceptNewConnectionEx(RAS_CONNECTION_EX* connection) {
  return accept(connection);
}

VOID APIENTRY MprAdminConnectionHangupNotification(RAS_CONNECTION_0* connection0,
                                                   RAS_CONNECTION_1* connection1) {
  end(connection0, connection1);
}

VOID APIENTRY MprAdminConnectionHangupNotification2(RAS_CONNECTION_0* connection0,
                                                    RAS_CONNECTION_1* connection1,
                                                    RAS_CONNECTION_2* connection2) {
  if (connection2 != nullptr) end(connection0, connection1);
}

VOID APIENTRY MprAdminConnectionHangupNotification3(RAS_CONNECTION_0* connection0,
                                                    RAS_CONNECTION_1* connection1,
                                                    RAS_CONNECTION_2* connection2,
                                                    RAS_CONNECTION_3* connection3) {
  if (connection2 != nullptr) end(connection0, connection1, connection3);
}

VOID APIENTRY MprAdminConnectionHangupNotificationEx(RAS_CONNECTION_EX* connection) {
  end(connection);
}

BOOL APIENTRY MprAdminAcceptReauthentication(RAS_CONNECTION_0* connection0,
                                             RAS_CONNECTION_1* connection1,
                                             RAS_CONNECTION_2* connection2,
                                             RAS_CONNECTION_3* connection3) {
  return connection0 != nullptr && connection1 != nullptr && connection2 != nullptr &&
         connection3 != nullptr;
}

BOOL APIENTRY MprAdminAcceptReauthenticationEx(RAS_CONNECTION_EX* connection) {
  return connection != nullptr;
}

// --- Links ---

BOOL APIENTRY MprAdminAcceptNewLink(RAS_PORT_0* port0, RAS_PORT_1* port1) {
  return port0 != nullptr && port1 != nullptr;
}

VOID APIENTRY MprAdminLinkHangupNotification(RAS_PORT_0* /*port0*/, RAS_PORT_1* /*port1*/) {}
