// answers.h - what the administration functions are answered: by Live, or by whoever hosts it.
//
// Any thread. Codes are those of ras_admin/administration.h.
#pragma once

#include <functional>

#include "mprapi/protocol.h"
#include "ras/live.h"

namespace berth::ras {

// RAS_USER_1, in types of ours.
struct UserRights {
  std::uint8_t privilege = 0;  // RASPRIV_...
  std::u16string phone_number;
  std::uint8_t privilege2 = 0;  // RASPRIV2_...
  static constexpr std::uint8_t kNoCallback = 0x01;
  static constexpr std::uint8_t kMayDialIn = 0x08;
  static constexpr std::uint8_t kByPolicy = 0x01;  // of privilege2

  bool operator==(const UserRights&) const = default;
};

// What a set_user hook says of others.
inline constexpr std::uint32_t kNoSuchUser = 1317;

// What only a host can do. Any may be empty: ERROR_NOT_SUPPORTED. They are called on the thread
// that answers, which waits for them: let them return at once.
struct Hooks {
  // The link of this port ends, soon.
  std::function<void(Handle port)> disconnect = nullptr;
  // NO_ERROR, or why not.
  std::function<std::uint32_t(Handle connection, const std::u16string& message)> send_message =
      nullptr;
  // Nothing: there is no such user.
  std::function<std::optional<UserRights>(const std::u16string& user)> user = nullptr;
  // Of one that there is. NO_ERROR, or why not.
  std::function<std::uint32_t(const std::u16string& user, const UserRights& rights)> set_user =
      nullptr;
};

[[nodiscard]] mprapi::Reply answer(const mprapi::Question& question, Live& live,
                                   const Hooks& hooks);

}  // namespace berth::ras
