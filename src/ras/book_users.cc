// book_users.cc - a question of explain(), in the words of RAS_USER_1.
#include "ras/book_users.h"

#include "core/utf16.h"
#include <ras_admin_module.h>

namespace berth::ras {
namespace {

// Whether any address could ever be this user's: that there is none left, or that the user is
// connected elsewhere, is not for ever.
bool may_dial_in(const Result<Grant>& outcome) {
  return outcome || outcome.error().code != Code::no_pool;
}

std::optional<bool> is_let_in(const Book& book, const std::string& server,
                              const std::u16string& user) {
  const auto name = utf8_of(user);
  if (!name) return std::nullopt;
  Request request{.user = *name, .server = server};
  request.delegated = Want::no;
  bool let_in = false;
  for (const Want ipv4 : {Want::required, Want::no}) {
    request.ipv4 = ipv4;
    request.ipv6 = ipv4 == Want::no ? Want::required : Want::no;
    const Result<Explanation> told = book.explain(request);
    if (!told) return std::nullopt;
    let_in = let_in || may_dial_in(told->outcome);
  }
  return let_in;
}

}  // namespace

std::optional<UserRights> rights_in(const Book& book, const std::string& server,
                                    const std::u16string& user) {
  const std::optional<bool> let_in = is_let_in(book, server, user);
  if (!let_in) return std::nullopt;
  UserRights rights{.privilege = UserRights::kNoCallback, .phone_number = {}};
  if (*let_in) rights.privilege |= UserRights::kMayDialIn;
  rights.privilege2 = UserRights::kByPolicy;
  return rights;
}

std::uint32_t set_rights_in(const Book& book, const std::string& server, const std::u16string& user,
                            const UserRights& wanted) {
  const std::optional<UserRights> now = rights_in(book, server, user);
  if (!now) return kNoSuchUser;
  return *now == wanted ? NO_ERROR : ERROR_NOT_SUPPORTED;
}

}  // namespace berth::ras
