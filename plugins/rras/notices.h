// notices.h - the notification side: connections that were accepted, and have ended.
//
// It never opens the book: another process may have it (R121). What it learns it writes into the
// spool beside the store (spool.h), in one process as in two. Nothing is opened and no thread is
// started; any thread may call; nothing is thrown (R8).
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "berth/settings.h"
#include "rras/log.h"
#include "rras/spool.h"

namespace berth::rras {

// What RAS says of a connection. Handles are numbers that mean nothing (R9).
struct Connection {
  std::uintptr_t handle = 0;
  std::string user;
  std::uint32_t seconds = 0;
  std::optional<Ipv4> ipv4;  // of the client
  std::optional<InterfaceId> identifier;
};

class Notices {
 public:
  // Connections that are up, as far as we remember: more than a server has ports.
  static constexpr std::size_t kMostUp = 65'536;

  Notices(std::function<Result<Settings>()> settings, Log& log)
      : settings_(std::move(settings)), log_(log) {}

  void accepted(const Connection& connection);
  // Also one that was never accepted here (R73).
  void ended(const Connection& connection);

 private:
  struct Up {
    WallTime accepted;
    std::optional<Ipv4> ipv4;
    std::optional<InterfaceId> identifier;
  };
  [[nodiscard]] Result<std::string> spool_path();

  std::function<Result<Settings>()> settings_;
  Log& log_;
  std::mutex mutex_;
  std::map<std::uintptr_t, Up> up_;
  std::string spool_path_;  // empty: the settings have not been read yet
};

}  // namespace berth::rras
