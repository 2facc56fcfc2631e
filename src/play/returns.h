// returns.h - how many of those who came back got the addresses that they had before.
//
// The rule of counting: a login is a return when its owner was given addresses earlier in this
// play, and has no other connection now (a second login gets other addresses, as it must; they
// are not remembered either). Retries do not count. A return is home when each kind of address
// that both logins got is the same. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "berth/lease.h"

namespace berth::play {

class Returns {
 public:
  // `second`: the owner surely is connected elsewhere.
  void granted(const std::string& owner, const Grant& grant, bool second);

  [[nodiscard]] std::uint64_t returned() const { return returned_; }
  [[nodiscard]] std::uint64_t home() const { return home_; }

 private:
  struct Last {
    LeaseId id;
    Generation generation;
    Addresses addresses;
  };
  std::unordered_map<std::string, Last> last_;
  std::uint64_t returned_ = 0;
  std::uint64_t home_ = 0;
};

}  // namespace berth::play
