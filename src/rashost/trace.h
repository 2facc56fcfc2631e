// trace.h - every callout as a line for people, or as an object of JSON.
//
//   3  a  MprAdminGetIpAddressForUser("ana", "VPN2-1", 10.0.0.1) -> 0, 10.0.0.9, notify
//
// Nothing in a line depends on the system, on times or on where files lie: the same scenario gives
// the same lines everywhere. Modules are called by the names of their files without an ending.
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "ras/chain.h"

namespace berth::ras {

// "berth" for C:\Program Files\Berth\berth.dll.
[[nodiscard]] std::string short_name(const std::string& path);

[[nodiscard]] std::string line_of(std::uint64_t number, const Made& made);
[[nodiscard]] boost::json::object json_of(std::uint64_t number, const Made& made);

// What a module did in a call that the contract does not have, each a sentence with its rule. Where
// RAS bears it, it is said all the same.
[[nodiscard]] std::vector<std::string> faults_of(const Made& made);

}  // namespace berth::ras
