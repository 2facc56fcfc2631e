// callout.cc - the table of callouts.
#include "ras/callout.h"

#include "berth/error.h"

namespace berth::ras {
namespace {

struct Row {
  Callout callout;
  std::string_view name;
  Group group;
  bool exported;
};

constexpr std::array<Row, kCallouts> kRows = {{
    {Callout::initialize, "MprAdminInitializeDll", Group::start, true},
    {Callout::initialize_ex, "MprAdminInitializeDllEx", Group::start, true},
    {Callout::terminate, "MprAdminTerminateDll", Group::start, true},
    {Callout::get_ipv4, "MprAdminGetIpAddressForUser", Group::address, true},
    {Callout::release_ipv4, "MprAdminReleaseIpAddress", Group::address, true},
    {Callout::get_ipv6, "MprAdminGetIpv6AddressForUser", Group::address, true},
    {Callout::release_ipv6, "MprAdminReleaseIpv6AddressForUser", Group::address, true},
    {Callout::accept_connection, "MprAdminAcceptNewConnection", Group::connection, true},
    {Callout::accept_connection2, "MprAdminAcceptNewConnection2", Group::connection, true},
    {Callout::accept_connection3, "MprAdminAcceptNewConnection3", Group::connection, true},
    {Callout::accept_connection_ex, "MprAdminAcceptNewConnectionEx", Group::connection, false},
    {Callout::hang_up_connection, "MprAdminConnectionHangupNotification", Group::connection, true},
    {Callout::hang_up_connection2, "MprAdminConnectionHangupNotification2", Group::connection,
     true},
    {Callout::hang_up_connection3, "MprAdminConnectionHangupNotification3", Group::connection,
     true},
    {Callout::hang_up_connection_ex, "MprAdminConnectionHangupNotificationEx", Group::connection,
     false},
    {Callout::accept_link, "MprAdminAcceptNewLink", Group::connection, true},
    {Callout::hang_up_link, "MprAdminLinkHangupNotification", Group::connection, true},
    {Callout::accept_reauthentication, "MprAdminAcceptReauthentication", Group::connection, true},
    {Callout::accept_reauthentication_ex, "MprAdminAcceptReauthenticationEx", Group::connection,
     false},
    {Callout::accept_endpoint_change, "RasAdminAcceptEndpointChangeEx", Group::connection, false},
    {Callout::validate_preauthenticated, "RASValidatePreAuthenticatedConnectionEx",
     Group::connection, false},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (index_of(kRows[i].callout) != i) return false;
  }
  return true;
}
static_assert(in_order());

const Row& row(Callout callout) {
  BERTH_ASSERT(index_of(callout) < kCallouts);
  return kRows[index_of(callout)];
}

}  // namespace

std::string_view callout_name(Callout callout) { return row(callout).name; }

bool is_exported(Callout callout) { return row(callout).exported; }

Group group_of(Callout callout) { return row(callout).group; }

const std::array<Callout, kCallouts>& all_callouts() {
  static constexpr auto kAll = [] {
    std::array<Callout, kCallouts> all{};
    for (std::size_t i = 0; i < kCallouts; ++i) all[i] = kRows[i].callout;
    return all;
  }();
  return kAll;
}

}  // namespace berth::ras
