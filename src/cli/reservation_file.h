// reservation_file.h - reservations as they stand in a file, CSV or JSON.
//
// Both have a user and up to three addresses; docs/cli.md has the formats:
//
//   user,ipv4,ipv6,delegated                 [{"user": "ana", "ipv4": "10.8.0.7"},
//   ana,10.8.0.7,,                            {"user": "ben", "ipv6": "2001:db8::7/128"}]
//
// Reading checks the form of every line and says which one is wrong; whether the pools have such
// addresses, and whether two users want the same one, is import.cc's question. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "berth/error.h"
#include "berth/lease.h"
#include "cli/record_file.h"

namespace berth::cli {

// All of a file is in memory before anything is changed.
inline constexpr std::size_t kMaxImported = 4'000'000;

struct ReservationLine {
  std::uint64_t line = 0;
  std::string user;
  Addresses addresses;  // never empty
  std::string owner;    // what the rules make of the user: reservation_import.h fills it in
};

// `name` stands for the file in errors; `at` is told how many bytes have been read.
// import_invalid: with the line.
[[nodiscard]] Result<std::vector<ReservationLine>> read_reservations(
    std::istream& in, const std::string& name, FileFormat format,
    const std::function<void(std::uint64_t bytes)>& at);

}  // namespace berth::cli
