// book_users.h - what the user functions say of a user (R132), out of a Book's rules and
// reservations.
//
// Berth keeps no directory: every name that can be an owner is a user. Who would be given an
// address may dial in; that is so by policy, as Windows calls it, and nobody is called back.
#pragma once

#include <optional>
#include <string>

#include "berth/book.h"
#include "ras/answers.h"

namespace berth::ras {

// Any thread. Nothing: the name can be nobody's. `server` is the name of this access server, for
// which rules may ask.
[[nodiscard]] std::optional<UserRights> rights_in(const Book& book, const std::string& server,
                                                  const std::u16string& user);

// NO_ERROR where `wanted` is what the user has. ERROR_NOT_SUPPORTED where it is not: rules are in
// the settings, which no call changes. ERROR_NO_SUCH_USER.
[[nodiscard]] std::uint32_t set_rights_in(const Book& book, const std::string& server,
                                          const std::u16string& user, const UserRights& wanted);

}  // namespace berth::ras
