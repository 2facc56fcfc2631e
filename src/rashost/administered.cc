// administered.cc - a list of ports, and users in memory.
#include "rashost/administered.h"

#include <algorithm>
#include <utility>

namespace berth::ras {
namespace {

// RASPRIV_NoCallback and RASPRIV_DialinPrivilege.
constexpr std::uint8_t kMayDialIn = 0x01 | 0x08;

}  // namespace

Hooks Administered::hooks() {
  Hooks hooks;
  hooks.disconnect = [this](Handle port) {
    const std::lock_guard lock(mutex_);
    if (std::ranges::count(asked_, port) == 0) asked_.push_back(port);
    asked_one_.notify_one();
  };
  hooks.user = [this](const std::u16string& user) -> std::optional<UserRights> {
    const std::lock_guard lock(mutex_);
    const auto found = users_.find(user);
    if (found == users_.end()) return std::nullopt;
    return found->second;
  };
  hooks.set_user = [this](const std::u16string& user, const UserRights& rights) {
    const std::lock_guard lock(mutex_);
    const auto found = users_.find(user);
    if (found == users_.end()) return false;
    found->second = rights;
    return true;
  };
  return hooks;
}

void Administered::know(const std::u16string& user) {
  const std::lock_guard lock(mutex_);
  users_.try_emplace(user, UserRights{.privilege = kMayDialIn, .phone_number = {}});
}

std::vector<Handle> Administered::take(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  asked_one_.wait_until(lock, until, [&] { return !asked_.empty(); });
  return std::exchange(asked_, {});
}

}  // namespace berth::ras
