// administered.cc - a list of ports, and users in memory or in a Book.
#include "rashost/administered.h"

#include <algorithm>
#include <utility>

namespace berth::ras {

Hooks Administered::hooks() {
  Hooks hooks;
  hooks.disconnect = [this](Handle port) {
    const std::lock_guard lock(mutex_);
    if (std::ranges::count(asked_, port) == 0) asked_.push_back(port);
    asked_one_.notify_one();
  };
  hooks.user = [this](const std::u16string& user) -> std::optional<UserRights> {
    const std::lock_guard lock(mutex_);
    if (book_ != nullptr) return rights_in(*book_, server_, user);
    const auto found = users_.find(user);
    if (found == users_.end()) return std::nullopt;
    return found->second;
  };
  hooks.set_user = [this](const std::u16string& user, const UserRights& rights) -> std::uint32_t {
    const std::lock_guard lock(mutex_);
    if (book_ != nullptr) return set_rights_in(*book_, server_, user, rights);
    const auto found = users_.find(user);
    if (found == users_.end()) return kNoSuchUser;
    found->second = rights;
    return 0;
  };
  return hooks;
}

void Administered::know(const std::u16string& user) {
  const std::lock_guard lock(mutex_);
  users_.try_emplace(user, UserRights{.privilege = UserRights::kNoCallback | UserRights::kMayDialIn,
                                      .phone_number = {}});
}

void Administered::ask(const Book* book, std::string server) {
  const std::lock_guard lock(mutex_);
  book_ = book;
  server_ = std::move(server);
}

std::vector<Handle> Administered::take(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  asked_one_.wait_until(lock, until, [&] { return !asked_.empty(); });
  return std::exchange(asked_, {});
}

}  // namespace berth::ras
