// returns.cc - the last addresses of every owner, and whether they came again.
#include "play/returns.h"

namespace berth::play {
namespace {

template <class T>
bool same_where_both(const T& one, const T& other) {
  return !one || !other || *one == *other;
}

bool is_home(const Addresses& before, const Addresses& now) {
  return same_where_both(before.ipv4, now.ipv4) && same_where_both(before.ipv6, now.ipv6) &&
         same_where_both(before.delegated, now.delegated);
}

bool was_taken_over(const Grant& grant) {
  if (grant.addresses.ipv4) return grant.reasons[0] == Reason::taken_over;
  if (grant.addresses.ipv6) return grant.reasons[1] == Reason::taken_over;
  return grant.reasons[2] == Reason::taken_over;
}

}  // namespace

void Returns::granted(const std::string& owner, const Grant& grant, bool second) {
  const auto [last, first_time] =
      last_.try_emplace(owner, Last{grant.id, grant.generation, grant.addresses});
  if (first_time) return;
  if (last->second.id == grant.id && last->second.generation == grant.generation) return;
  if (second && !was_taken_over(grant)) return;
  returned_ += 1;
  if (is_home(last->second.addresses, grant.addresses)) home_ += 1;
  last->second = {grant.id, grant.generation, grant.addresses};
}

}  // namespace berth::play
