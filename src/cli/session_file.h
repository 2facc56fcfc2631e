// session_file.h - the sessions of an access server as they stand in a file, CSV or JSON.
//
//   user,port,session,ipv4,ipv6,delegated
//   ana,,21,10.8.0.7,,
//
// Reading checks the form of every line and says which one is wrong. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "berth/lease.h"
#include "cli/record_file.h"

namespace berth::cli {

struct SessionLines {
  std::vector<Session> sessions;
  std::vector<std::uint64_t> lines;  // where each of them stands
};

// `name` stands for the file in errors; `at` is told how many bytes have been read. A file without
// a line is a server without a session. import_invalid: with the line.
[[nodiscard]] Result<SessionLines> read_sessions(
    std::istream& in, const std::string& name, FileFormat format,
    const std::function<void(std::uint64_t bytes)>& at);

}  // namespace berth::cli
