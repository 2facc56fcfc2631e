// describe.cc - the members of RAS_CONNECTION_0 to 3 and _EX, and of RAS_PORT_0 and 1.
#include "ras/describe.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "berth/error.h"

namespace berth::ras {
namespace {

// What a protocol says that was not negotiated: ERROR_PPP_NO_PROTOCOLS_CONFIGURED.
constexpr DWORD kNotNegotiated = 720;
// The client's prefix, of which Berth gives the other half (R148).
constexpr DWORD kPrefixLength = 64;
// From the first moment of a FILETIME, in 1601, to that of Unix.
constexpr std::chrono::seconds kUnixEpoch{11'644'473'600};

template <std::size_t Size>
void copy(std::u16string_view text, WCHAR (&to)[Size]) {
  BERTH_ASSERT(text.size() < Size);
  std::ranges::copy(text, to);
}

template <std::size_t Size>
void copy(const std::string& text, WCHAR (&to)[Size]) {
  copy(std::u16string(text.begin(), text.end()), to);
}

void copy(const CalloutAddress& identifier, BYTE (&to)[8]) {
  std::ranges::copy(identifier.bytes(), to);
}

HANDLE handle_of(Handle handle) {
  // A number that only looks like a pointer (R9). NOLINTNEXTLINE(performance-no-int-to-ptr)
  return reinterpret_cast<HANDLE>(static_cast<std::uintptr_t>(handle));
}

GUID guid_of(const ConnectionFacts& facts) {
  GUID guid;
  static_assert(sizeof(guid) == sizeof(facts.guid));
  std::memcpy(&guid, facts.guid.data(), sizeof(guid));
  return guid;
}

FILETIME file_time(std::chrono::sys_time<std::chrono::milliseconds> time) {
  const auto ticks =
      static_cast<std::uint64_t>((time.time_since_epoch() + kUnixEpoch).count()) * 10'000;
  return {static_cast<DWORD>(ticks), static_cast<DWORD>(ticks >> 32)};
}

// Meaningful in probation alone (R90).
FILETIME probation_of(const ConnectionFacts& facts) {
  return facts.quarantine == QuarantineState::probation ? file_time(facts.probation_ends)
                                                        : FILETIME{};
}

DWORD flags_of(const ConnectionFacts& facts) {
  DWORD flags =
      facts.tunnel == Tunnel::ikev2 ? RAS_FLAGS_IKEV2_CONNECTION : RAS_FLAGS_PPP_CONNECTION;
  if (facts.quarantine != QuarantineState::normal) flags |= RAS_FLAGS_QUARANTINE_PRESENT;
  return flags;
}

DWORD error_of(const Negotiated& negotiated) { return negotiated.up ? 0 : kNotNegotiated; }

// The members of this name are alike in several structures.
template <class Structure>
void count(const Counters& counters, Structure& to) {
  to.dwBytesXmited = counters.bytes_sent;
  to.dwBytesRcved = counters.bytes_received;
  to.dwFramesXmited = counters.frames_sent;
  to.dwFramesRcved = counters.frames_received;
}

template <class Structure>
void fill_ipv4(const Negotiated& ipv4, Structure& to) {
  if (!ipv4.server.none()) copy(ipv4.server.to_string(Family::ipv4), to.wszAddress);
  if (!ipv4.client.none()) copy(ipv4.client.to_string(Family::ipv4), to.wszRemoteAddress);
}

template <class Structure>
void fill_ipv6(const ConnectionFacts& facts, Structure& to) {
  if (!facts.ipv6.up) return;
  copy(facts.ipv6.server, to.bInterfaceIdentifier);
  copy(facts.ipv6.client, to.bRemoteInterfaceIdentifier);
  copy(CalloutAddress(InterfaceId(facts.ipv6_prefix)), to.bPrefix);
  to.dwPrefixLength = kPrefixLength;
}

template <class Structure>
void fill_names(const ConnectionFacts& facts, Structure& to) {
  to.dwConnectDuration = static_cast<DWORD>(facts.duration.count());
  to.dwInterfaceType = static_cast<ROUTER_INTERFACE_TYPE>(facts.type);
  to.dwConnectionFlags = flags_of(facts);
  copy(facts.interface_name, to.wszInterfaceName);
  copy(facts.user, to.wszUserName);
  copy(facts.domain, to.wszLogonDomain);
  copy(facts.remote_computer, to.wszRemoteComputer);
}

// What RAS_CONNECTION_2 and 3 begin with (R146).
template <class Structure>
void fill_identity(const ConnectionFacts& facts, Structure& to) {
  to.hConnection = handle_of(facts.handle);
  copy(facts.user, to.wszUserName);
  to.dwInterfaceType = static_cast<ROUTER_INTERFACE_TYPE>(facts.type);
  to.guid = guid_of(facts);
}

void fill_ex(const ConnectionFacts& facts, RAS_CONNECTION_EX& ex) {
  ex.Header = {MPRAPI_RAS_CONNECTION_OBJECT_REVISION_1, MPRAPI_OBJECT_TYPE_RAS_CONNECTION_OBJECT,
               sizeof(ex)};
  fill_names(facts, ex);
  ex.guid = guid_of(facts);
  ex.rasQuarState = static_cast<RAS_QUARANTINE_STATE>(facts.quarantine);
  ex.probationTime = probation_of(facts);
  count(facts.counters, ex);
  ex.dwNumSwitchOvers = facts.endpoint_changes;
  copy(facts.client_endpoint, ex.wszRemoteEndpointAddress);
  copy(facts.server_endpoint, ex.wszLocalEndpointAddress);
  ex.hConnection = handle_of(facts.handle);
  ex.hInterface = handle_of(facts.interface_handle);

  const auto project = [&](UCHAR type, auto& projection) {
    ex.ProjectionInfo.projectionInfoType = type;
    projection.dwIPv4NegotiationError = error_of(facts.ipv4);
    projection.dwIPv6NegotiationError = error_of(facts.ipv6);
    fill_ipv4(facts.ipv4, projection);
    fill_ipv6(facts, projection);
  };
  if (facts.tunnel == Tunnel::ikev2) {
    project(MPRAPI_IKEV2_PROJECTION_INFO_TYPE, ex.ProjectionInfo.Ikev2ProjectionInfo);
  } else {
    project(MPRAPI_PPP_PROJECTION_INFO_TYPE, ex.ProjectionInfo.PppProjectionInfo);
    ex.ProjectionInfo.PppProjectionInfo.dwCcpError = kNotNegotiated;
  }
}

}  // namespace

DescribedConnection describe(const ConnectionFacts& facts) {
  DescribedConnection all{};
  all.zero.hConnection = handle_of(facts.handle);
  all.zero.hInterface = handle_of(facts.interface_handle);
  fill_names(facts, all.zero);

  all.one.hConnection = handle_of(facts.handle);
  all.one.hInterface = handle_of(facts.interface_handle);
  all.one.PppInfo.nbf.dwError = kNotNegotiated;
  all.one.PppInfo.ip.dwError = error_of(facts.ipv4);
  fill_ipv4(facts.ipv4, all.one.PppInfo.ip);
  all.one.PppInfo.ipx.dwError = kNotNegotiated;
  all.one.PppInfo.at.dwError = kNotNegotiated;
  count(facts.counters, all.one);

  fill_identity(facts, all.two);
  all.two.PppInfo2.nbf.dwError = kNotNegotiated;
  all.two.PppInfo2.ip.dwError = error_of(facts.ipv4);
  fill_ipv4(facts.ipv4, all.two.PppInfo2.ip);
  all.two.PppInfo2.ipx.dwError = kNotNegotiated;
  all.two.PppInfo2.at.dwError = kNotNegotiated;
  all.two.PppInfo2.ccp.dwError = kNotNegotiated;

  all.three.dwSize = sizeof(all.three);  // R144
  fill_identity(facts, all.three);
  all.three.PppInfo3.nbf.dwError = kNotNegotiated;
  all.three.PppInfo3.ip.dwError = error_of(facts.ipv4);
  fill_ipv4(facts.ipv4, all.three.PppInfo3.ip);
  all.three.PppInfo3.ipv6.dwSize = sizeof(all.three.PppInfo3.ipv6);
  all.three.PppInfo3.ipv6.dwError = error_of(facts.ipv6);
  fill_ipv6(facts, all.three.PppInfo3.ipv6);
  all.three.PppInfo3.ccp.dwError = kNotNegotiated;
  all.three.rasQuarState = static_cast<RAS_QUARANTINE_STATE>(facts.quarantine);
  all.three.timer = probation_of(facts);

  fill_ex(facts, all.ex);
  return all;
}

DescribedLink describe(const LinkFacts& facts) {
  DescribedLink both{};
  both.zero.hPort = handle_of(facts.port);
  both.zero.hConnection = handle_of(facts.connection);
  both.zero.dwPortCondition = facts.up ? RAS_PORT_AUTHENTICATED : RAS_PORT_DISCONNECTED;
  both.zero.dwTotalNumberOfCalls = facts.calls;
  both.zero.dwConnectDuration = static_cast<DWORD>(facts.duration.count());
  copy(facts.port_name, both.zero.wszPortName);
  copy(facts.media_name, both.zero.wszMediaName);
  copy(facts.device_name, both.zero.wszDeviceName);
  copy(facts.device_type, both.zero.wszDeviceType);
  both.one.hPort = handle_of(facts.port);
  both.one.hConnection = handle_of(facts.connection);
  both.one.dwHardwareCondition = RAS_HARDWARE_OPERATIONAL;
  both.one.dwLineSpeed = facts.speed;
  count(facts.counters, both.one);
  return both;
}

AUTH_VALIDATION_EX& describe(const PreauthenticationFacts& facts,
                             std::vector<std::uint64_t>& memory) {
  BERTH_ASSERT(facts.info.size() <= kMaxPreauthenticationBytes);
  const std::size_t size = sizeof(AUTH_VALIDATION_EX) + facts.info.size();
  memory.assign((size / sizeof(std::uint64_t)) + 1, 0);
  auto& validation = *reinterpret_cast<AUTH_VALIDATION_EX*>(memory.data());
  // R143; the size has 16 bits, and says nothing of what AuthInfoSize tells.
  validation.Header = {1, MPRAPI_OBJECT_TYPE_AUTH_VALIDATION_OBJECT, sizeof(AUTH_VALIDATION_EX)};
  validation.hRasConnection = handle_of(facts.connection);
  copy(facts.user, validation.wszUserName);
  copy(facts.domain, validation.wszLogonDomain);
  validation.AuthInfoSize = static_cast<DWORD>(facts.info.size());
  std::ranges::copy(facts.info, static_cast<BYTE*>(validation.AuthInfo));
  return validation;
}

}  // namespace berth::ras
