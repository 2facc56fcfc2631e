// facts.h - what RAS knows of a connection and of its links, in types of ours.
//
// describe.h makes the structures of the callouts from these. Names are UTF-16, as the callouts
// have them (R5); those that are too long for their structure were refused before. Values only.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "ras/address.h"

namespace berth::ras {

// The number by which the callouts tell connections and ports apart (R9); never 0.
enum class Handle : std::uint64_t {};

enum class InterfaceType : std::uint8_t { client, home_router, full_router, dedicated };
enum class QuarantineState : std::uint8_t { normal, quarantine, probation, not_capable };
enum class Tunnel : std::uint8_t { ppp, ikev2 };

struct Counters {
  std::uint32_t bytes_sent = 0;
  std::uint32_t bytes_received = 0;
  std::uint32_t frames_sent = 0;
  std::uint32_t frames_received = 0;
};

// What was negotiated in one family. The server's own address, and the client's (R145).
struct Negotiated {
  bool up = false;  // otherwise the structures say that it failed (R147)
  CalloutAddress server;
  CalloutAddress client;
};

struct ConnectionFacts {
  Handle handle{};
  Handle interface_handle{};
  std::u16string user;  // as it was authenticated
  std::u16string domain;
  std::u16string remote_computer;
  std::u16string interface_name;
  InterfaceType type = InterfaceType::client;
  Tunnel tunnel = Tunnel::ppp;
  std::array<std::uint8_t, 16> guid{};
  std::uint64_t ipv6_prefix = 0;  // the upper half of the client's address
  Negotiated ipv4;
  Negotiated ipv6;
  QuarantineState quarantine = QuarantineState::normal;
  std::chrono::sys_time<std::chrono::milliseconds> probation_ends{};  // in probation alone (R90)
  std::chrono::seconds duration{0};
  Counters counters;
  std::u16string server_endpoint;  // outer addresses of the tunnel, as text
  std::u16string client_endpoint;
  std::uint32_t endpoint_changes = 0;  // RFC 4555
};

struct LinkFacts {
  Handle port{};
  Handle connection{};
  std::u16string port_name;  // "VPN2-17"
  std::u16string media_name;
  std::u16string device_name;
  std::u16string device_type;
  bool up = true;           // authenticated; disconnected otherwise
  std::uint32_t speed = 0;  // bits a second
  std::uint32_t calls = 0;  // that this port has taken
  std::chrono::seconds duration{0};
  Counters counters;
};

// A client of SSTP that has proved who it is below PPP (R96).
struct PreauthenticationFacts {
  Handle connection{};
  std::u16string user;
  std::u16string domain;
  std::vector<std::uint8_t> info;  // opaque
};

// Longest names, in UTF-16 units, the zero at the end not counted (R140).
inline constexpr std::size_t kMaxUserUnits = 256;
inline constexpr std::size_t kMaxDomainUnits = 15;
inline constexpr std::size_t kMaxComputerUnits = 16;
inline constexpr std::size_t kMaxInterfaceUnits = 256;
inline constexpr std::size_t kMaxPortUnits = 16;
inline constexpr std::size_t kMaxMediaUnits = 16;
inline constexpr std::size_t kMaxDeviceUnits = 128;
inline constexpr std::size_t kMaxDeviceTypeUnits = 16;
inline constexpr std::size_t kMaxEndpointUnits = 64;
inline constexpr std::size_t kMaxPreauthenticationBytes = 65'536;

}  // namespace berth::ras
