// describe_test.cc - what a module reads in the structures that it is given.
#include "ras/describe.h"

#include <cstring>

#include <gtest/gtest.h>

namespace berth::ras {
namespace {

std::string narrow(const WCHAR* text) {
  std::string narrow;
  for (; *text != 0; ++text) narrow += static_cast<char>(*text);
  return narrow;
}

ConnectionFacts some_facts() {
  ConnectionFacts facts;
  facts.handle = Handle{0x77};
  facts.interface_handle = Handle{0x78};
  facts.user = u"CORP\\ana";
  facts.domain = u"CORP";
  facts.remote_computer = u"laptop";
  facts.interface_name = u"Internal";
  facts.guid = {1, 2, 3, 4};
  facts.ipv6_prefix = 0x20010db800000000;
  facts.ipv4 = {true, CalloutAddress(*Ipv4::parse("10.0.0.254")),
                CalloutAddress(*Ipv4::parse("10.0.0.7"))};
  facts.ipv6 = {true, CalloutAddress(InterfaceId(1)), CalloutAddress(InterfaceId(7))};
  facts.duration = std::chrono::seconds(61);
  facts.counters = {1, 2, 3, 4};
  facts.client_endpoint = u"192.0.2.9";
  facts.server_endpoint = u"192.0.2.1";
  facts.endpoint_changes = 3;
  return facts;
}

TEST(Describe, R146OneIdentityStandsInEveryStructure) {
  const DescribedConnection all = describe(some_facts());
  const HANDLE handle = all.zero.hConnection;
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(handle), 0x77U);
  EXPECT_EQ(all.one.hConnection, handle);
  EXPECT_EQ(all.two.hConnection, handle);
  EXPECT_EQ(all.three.hConnection, handle);
  EXPECT_EQ(all.ex.hConnection, handle);
  for (const WCHAR* user :
       {all.zero.wszUserName, all.two.wszUserName, all.three.wszUserName, all.ex.wszUserName}) {
    EXPECT_EQ(narrow(user), "CORP\\ana");
  }
  EXPECT_EQ(std::memcmp(&all.two.guid, &all.three.guid, sizeof(GUID)), 0);
  EXPECT_EQ(std::memcmp(&all.two.guid, &all.ex.guid, sizeof(GUID)), 0);
  EXPECT_EQ(all.two.dwInterfaceType, ROUTER_IF_TYPE_CLIENT);
}

TEST(Describe, R145ThePlainAddressIsTheServersAndTheRemoteTheClients) {
  const DescribedConnection all = describe(some_facts());
  const PPP_PROJECTION_INFO& projection = all.ex.ProjectionInfo.PppProjectionInfo;
  for (const auto& [server, client] :
       {std::pair(all.one.PppInfo.ip.wszAddress, all.one.PppInfo.ip.wszRemoteAddress),
        std::pair(all.two.PppInfo2.ip.wszAddress, all.two.PppInfo2.ip.wszRemoteAddress),
        std::pair(all.three.PppInfo3.ip.wszAddress, all.three.PppInfo3.ip.wszRemoteAddress),
        std::pair(projection.wszAddress, projection.wszRemoteAddress)}) {
    EXPECT_EQ(narrow(server), "10.0.0.254");
    EXPECT_EQ(narrow(client), "10.0.0.7");
  }
  EXPECT_EQ(all.ex.ProjectionInfo.projectionInfoType, MPRAPI_PPP_PROJECTION_INFO_TYPE);
}

TEST(Describe, R148TheClientsIpv6AddressIsThePrefixAndTheRemoteIdentifier) {
  const PPP_IPV6_CP_INFO ipv6 = describe(some_facts()).three.PppInfo3.ipv6;
  EXPECT_EQ(ipv6.bPrefix[0], 0x20);
  EXPECT_EQ(ipv6.bPrefix[3], 0xb8);
  EXPECT_EQ(ipv6.dwPrefixLength, 64U);
  EXPECT_EQ(ipv6.bRemoteInterfaceIdentifier[7], 7);
  EXPECT_EQ(ipv6.bInterfaceIdentifier[7], 1);
}

TEST(Describe, R147WhatWasNotNegotiatedSaysSoAndHasNoAddress) {
  ConnectionFacts facts = some_facts();
  facts.ipv6 = {};
  const DescribedConnection all = describe(facts);
  EXPECT_EQ(all.three.PppInfo3.ip.dwError, 0U);
  EXPECT_NE(all.three.PppInfo3.ipv6.dwError, 0U);
  EXPECT_EQ(all.three.PppInfo3.ipv6.dwPrefixLength, 0U);
  EXPECT_NE(all.one.PppInfo.ipx.dwError, 0U);
  EXPECT_NE(all.ex.ProjectionInfo.PppProjectionInfo.dwIPv6NegotiationError, 0U);
}

TEST(Describe, R142R144HeadersAndSizesAreSet) {
  const DescribedConnection all = describe(some_facts());
  EXPECT_EQ(all.ex.Header.revision, 1);
  EXPECT_EQ(all.ex.Header.type, 1);
  EXPECT_EQ(all.ex.Header.size, 1672);
  EXPECT_EQ(all.three.dwVersion, 0U);
  EXPECT_EQ(all.three.dwSize, sizeof(RAS_CONNECTION_3));
}

TEST(Describe, R90TheTimeOfProbationIsThereInProbationAlone) {
  ConnectionFacts facts = some_facts();
  facts.probation_ends = std::chrono::sys_days(std::chrono::year(2026) / 1 / 5);
  EXPECT_EQ(describe(facts).three.timer.dwHighDateTime, 0U);
  facts.quarantine = QuarantineState::probation;
  const DescribedConnection all = describe(facts);
  EXPECT_EQ(all.three.rasQuarState, RAS_QUAR_STATE_PROBATION);
  // 100 ns since 1601, as `w32tm` counts them.
  const std::uint64_t ticks =
      (std::uint64_t{all.three.timer.dwHighDateTime} << 32) | all.three.timer.dwLowDateTime;
  EXPECT_EQ(ticks, 134'120'448'000'000'000U);
  EXPECT_EQ(all.ex.probationTime.dwLowDateTime, all.three.timer.dwLowDateTime);
  EXPECT_NE(all.zero.dwConnectionFlags & RAS_FLAGS_QUARANTINE_PRESENT, 0U);
}

TEST(Describe, T10Ikev2HasAProjectionAndAFlagOfItsOwn) {
  ConnectionFacts facts = some_facts();
  facts.tunnel = Tunnel::ikev2;
  const RAS_CONNECTION_EX ex = describe(facts).ex;
  EXPECT_EQ(ex.ProjectionInfo.projectionInfoType, MPRAPI_IKEV2_PROJECTION_INFO_TYPE);
  EXPECT_EQ(narrow(ex.ProjectionInfo.Ikev2ProjectionInfo.wszRemoteAddress), "10.0.0.7");
  EXPECT_EQ(ex.ProjectionInfo.Ikev2ProjectionInfo.dwPrefixLength, 64U);
  EXPECT_EQ(ex.dwConnectionFlags, DWORD{RAS_FLAGS_IKEV2_CONNECTION});
  EXPECT_EQ(ex.dwNumSwitchOvers, 3U);
  EXPECT_EQ(narrow(ex.wszRemoteEndpointAddress), "192.0.2.9");
  EXPECT_EQ(narrow(ex.wszLocalEndpointAddress), "192.0.2.1");
}

TEST(Describe, R141CountersAndNamesAreThoseOfTheFacts) {
  const DescribedConnection all = describe(some_facts());
  EXPECT_EQ(all.zero.dwConnectDuration, 61U);
  EXPECT_EQ(narrow(all.zero.wszLogonDomain), "CORP");
  EXPECT_EQ(narrow(all.zero.wszRemoteComputer), "laptop");
  EXPECT_EQ(narrow(all.zero.wszInterfaceName), "Internal");
  EXPECT_EQ(all.one.dwBytesXmited, 1U);
  EXPECT_EQ(all.one.dwBytesRcved, 2U);
  EXPECT_EQ(all.ex.dwFramesXmited, 3U);
  EXPECT_EQ(all.ex.dwFramesRcved, 4U);
  EXPECT_EQ(all.one.dwCompressionRatioOut, 0U);
}

TEST(Describe, R83BothStructuresOfALinkTellOfOnePort) {
  LinkFacts facts;
  facts.port = Handle{5};
  facts.connection = Handle{0x77};
  facts.port_name = u"VPN2-17";
  facts.device_name = u"WAN Miniport (IKEv2)";
  facts.device_type = u"vpn";
  facts.speed = 1'000'000;
  DescribedLink both = describe(facts);
  EXPECT_EQ(both.zero.hPort, both.one.hPort);
  EXPECT_EQ(both.zero.hConnection, both.one.hConnection);
  EXPECT_EQ(narrow(both.zero.wszPortName), "VPN2-17");
  EXPECT_EQ(narrow(both.zero.wszDeviceName), "WAN Miniport (IKEv2)");
  EXPECT_EQ(both.zero.dwPortCondition, RAS_PORT_AUTHENTICATED);
  EXPECT_EQ(both.one.dwLineSpeed, 1'000'000U);
  facts.up = false;
  EXPECT_EQ(describe(facts).zero.dwPortCondition, RAS_PORT_DISCONNECTED);
}

TEST(Describe, NamesOfTheLongestLengthFit) {
  ConnectionFacts facts;
  facts.user = std::u16string(kMaxUserUnits, u'u');
  facts.domain = std::u16string(kMaxDomainUnits, u'd');
  facts.remote_computer = std::u16string(kMaxComputerUnits, u'c');
  facts.interface_name = std::u16string(kMaxInterfaceUnits, u'i');
  facts.client_endpoint = std::u16string(kMaxEndpointUnits, u'e');
  EXPECT_EQ(narrow(describe(facts).ex.wszUserName), std::string(kMaxUserUnits, 'u'));
  LinkFacts link;
  link.port_name = std::u16string(kMaxPortUnits, u'p');
  link.device_name = std::u16string(kMaxDeviceUnits, u'd');
  EXPECT_EQ(narrow(describe(link).zero.wszPortName), std::string(kMaxPortUnits, 'p'));
}

TEST(Describe, R143APreauthenticationCarriesItsBytes) {
  std::vector<std::uint64_t> memory;
  const AUTH_VALIDATION_EX& validation =
      describe(PreauthenticationFacts{Handle{7}, u"ana", u"CORP", {1, 2, 3}}, memory);
  EXPECT_EQ(validation.Header.revision, 1);
  EXPECT_EQ(validation.Header.type, 4);
  EXPECT_EQ(validation.AuthInfoSize, 3U);
  const BYTE* const info = validation.AuthInfo;
  EXPECT_EQ(info[2], 3);
  EXPECT_EQ(narrow(validation.wszUserName), "ana");
}

}  // namespace
}  // namespace berth::ras
