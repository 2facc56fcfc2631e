// presence_test.cc - what RAS refuses for want of a callout, and what it only warns about.
#include "ras/presence.h"

#include <gtest/gtest.h>

namespace berth::ras {
namespace {

// The least that RAS takes, in each style.
Face exporting() {
  Face face;
  for (Callout each : {Callout::accept_connection, Callout::hang_up_connection,
                       Callout::accept_link, Callout::hang_up_link}) {
    add(face.callouts, each);
  }
  return face;
}
Face with_table() {
  Face face{.style = Style::table, .revision = 2, .callouts = {}};
  for (Callout each : {Callout::accept_connection_ex, Callout::hang_up_connection_ex,
                       Callout::accept_link, Callout::hang_up_link}) {
    add(face.callouts, each);
  }
  return face;
}
// All that the documentation asks for.
Face complete(Face face) {
  add(face.callouts, face.style == Style::table ? Callout::initialize_ex : Callout::initialize);
  add(face.callouts, Callout::terminate);
  add(face.callouts, face.style == Style::table ? Callout::accept_reauthentication_ex
                                                : Callout::accept_reauthentication);
  return face;
}
Face with(Face face, Callout callout) {
  add(face.callouts, callout);
  return face;
}
Face without(Face face, Callout callout) {
  face.callouts.reset(index_of(callout));
  return face;
}

// "R36 MprAdminReleaseIpAddress 87", or how many warnings there are.
std::string verdict(const Face& face, Strictness strictness = Strictness::enforced) {
  const auto checked = check_presence("/opt/m.so", face, strictness);
  if (checked) return std::to_string(checked->size());
  EXPECT_EQ(checked.error().module, "/opt/m.so");
  EXPECT_FALSE(checked.error().remedy.empty());
  return checked.error().rule + " " + checked.error().callout + " " +
         std::to_string(checked.error().code);
}

TEST(Presence, R17AndR92WarnOnlyOfWhatRealRasDoesNotCheck) {
  EXPECT_EQ(verdict(exporting()), "3");
  EXPECT_EQ(verdict(with_table()), "2");
  EXPECT_EQ(verdict(complete(exporting())), "0");
  EXPECT_EQ(verdict(complete(with_table())), "0");
}

TEST(Presence, R98TheLetterIsEnforcedWhereItIsAskedFor) {
  EXPECT_EQ(verdict(exporting(), Strictness::documented), "R17 MprAdminInitializeDll 87");
  EXPECT_EQ(verdict(without(complete(exporting()), Callout::terminate), Strictness::documented),
            "R17 MprAdminTerminateDll 87");
  EXPECT_EQ(verdict(without(complete(exporting()), Callout::accept_reauthentication),
                    Strictness::documented),
            "R92 MprAdminAcceptReauthentication 87");
  EXPECT_EQ(verdict(without(complete(with_table()), Callout::accept_reauthentication_ex),
                    Strictness::documented),
            "R92 MprAdminAcceptReauthenticationEx 87");
  EXPECT_EQ(verdict(complete(exporting()), Strictness::documented), "0");
  EXPECT_EQ(verdict(complete(with_table()), Strictness::documented), "0");
}

TEST(Presence, R36HalfOfThePairForIpv4IsRefused) {
  EXPECT_EQ(verdict(with(exporting(), Callout::get_ipv4)), "R36 MprAdminReleaseIpAddress 87");
  EXPECT_EQ(verdict(with(exporting(), Callout::release_ipv4)),
            "R36 MprAdminGetIpAddressForUser 87");
  EXPECT_EQ(verdict(with(with(complete(exporting()), Callout::get_ipv4), Callout::release_ipv4)),
            "0");
}

TEST(Presence, R45HalfOfThePairForIpv6IsRefused) {
  EXPECT_EQ(verdict(with(with_table(), Callout::get_ipv6)),
            "R45 MprAdminReleaseIpv6AddressForUser 87");
  EXPECT_EQ(verdict(with(with_table(), Callout::release_ipv6)),
            "R45 MprAdminGetIpv6AddressForUser 87");
  EXPECT_EQ(verdict(with(with(complete(with_table()), Callout::get_ipv6), Callout::release_ipv6)),
            "0");
}

TEST(Presence, R98BothLinkCalloutsMustBeThere) {
  for (const Face& face : {exporting(), with_table()}) {
    EXPECT_EQ(verdict(without(face, Callout::accept_link)), "R98 MprAdminAcceptNewLink 87");
    EXPECT_EQ(verdict(without(face, Callout::hang_up_link)),
              "R98 MprAdminLinkHangupNotification 87");
  }
}

TEST(Presence, R98AnyFlavourOfAcceptAndOfHangUpWillDo) {
  EXPECT_EQ(verdict(without(exporting(), Callout::accept_connection)),
            "R98 MprAdminAcceptNewConnection 87");
  EXPECT_EQ(verdict(without(exporting(), Callout::hang_up_connection)),
            "R98 MprAdminConnectionHangupNotification 87");
  const Face mixed = with(without(complete(exporting()), Callout::hang_up_connection),
                          Callout::hang_up_connection3);
  EXPECT_EQ(verdict(mixed), "1");
  EXPECT_EQ(verdict(mixed, Strictness::documented), "R98 MprAdminConnectionHangupNotification3 87");
}

TEST(Presence, T20ExCalloutsAreNotLookedForAmongExports) {
  EXPECT_FALSE(is_exported(Callout::accept_connection_ex));
  EXPECT_EQ(verdict(with(without(exporting(), Callout::accept_connection),
                         Callout::accept_connection_ex)),
            "R98 MprAdminAcceptNewConnection 87");
}

TEST(Presence, R98ATableNeedsBothExSlots) {
  EXPECT_EQ(verdict(without(with_table(), Callout::accept_connection_ex)),
            "R98 MprAdminAcceptNewConnectionEx 87");
  EXPECT_EQ(verdict(without(with_table(), Callout::hang_up_connection_ex)),
            "R98 MprAdminConnectionHangupNotificationEx 87");
}

TEST(Presence, R109ATableMustSayRevisionTwo) {
  for (int revision : {0, 1, 3, 255}) {
    Face face = complete(with_table());
    face.revision = static_cast<std::uint8_t>(revision);
    EXPECT_EQ(verdict(face), "R109 MprAdminInitializeDllEx 87");
  }
}

TEST(Presence, R97SlotsOfTheTableAloneAreOptional) {
  EXPECT_EQ(verdict(with(with(complete(with_table()), Callout::accept_endpoint_change),
                         Callout::validate_preauthenticated)),
            "0");
}

TEST(Presence, R64TheFlavourThatSaysMostIsUsed) {
  Face face = with(exporting(), Callout::accept_connection2);
  EXPECT_EQ(flavours_of(face).accept_connection, Callout::accept_connection2);
  EXPECT_EQ(flavours_of(face).hang_up_connection, Callout::hang_up_connection);
  add(face.callouts, Callout::accept_connection3);
  EXPECT_EQ(flavours_of(face).accept_connection, Callout::accept_connection3);
  EXPECT_EQ(flavours_of(face).accept_reauthentication, std::nullopt);

  const Face table = with(complete(with_table()), Callout::accept_connection3);
  EXPECT_EQ(flavours_of(table).accept_connection, Callout::accept_connection_ex);
  EXPECT_EQ(flavours_of(table).accept_reauthentication, Callout::accept_reauthentication_ex);
}

TEST(Callouts, HaveTheNamesThatModulesExport) {
  EXPECT_EQ(callout_name(Callout::get_ipv6), "MprAdminGetIpv6AddressForUser");
  EXPECT_EQ(callout_name(Callout::release_ipv4), "MprAdminReleaseIpAddress");
  for (Callout each : all_callouts()) EXPECT_FALSE(callout_name(each).empty());
}

TEST(Callouts, R116AndR117EachBelongsToOneGroup) {
  EXPECT_EQ(group_of(Callout::get_ipv4), Group::address);
  EXPECT_EQ(group_of(Callout::release_ipv6), Group::address);
  EXPECT_EQ(group_of(Callout::accept_connection3), Group::connection);
  EXPECT_EQ(group_of(Callout::hang_up_link), Group::connection);
}

}  // namespace
}  // namespace berth::ras
