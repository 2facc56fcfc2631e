// crowd.h - a crowd of users on one allocator: some are connected, some were.
//
// Plays the part of book and store without either: what is proposed is settled at once. Time
// moves on by itself as if `kPairsASecond` users came and went, so that cool-downs end and the
// queues of addresses are as they are in use.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "core/allocator.h"
#include "figures/population.h"
#include "play/dice.h"

namespace berth::figures {

class Crowd {
 public:
  static constexpr std::uint64_t kPairsASecond = 25'000;

  // Gets the bytes of every change.
  using Sink = std::function<void(std::string_view change)>;

  // Everybody asks for these kinds. The plan must be right.
  Crowd(const Plan& plan, Want ipv4, Want ipv6, Want delegated, const SipKey& key = {1, 2},
        Sink sink = {});

  // Takes the memory for the lists of so many users now, so that it is not counted later.
  void make_room(std::uint64_t users);

  // So many new users connect.
  void grow(std::uint64_t users);
  // So many of those connected, at random, leave.
  void shrink(std::uint64_t users);

  // Who comes: somebody who was here, or somebody who never was, for whom another's address
  // must be forgotten.
  enum class Who : std::uint8_t { returns, is_new };
  // So many times: a random user of those who left comes back, then a random one of those
  // connected leaves.
  void churn(std::uint64_t pairs);
  // Seconds for one such pair, without what it takes to make up names.
  [[nodiscard]] double seconds_a_pair(std::uint64_t pairs, Who who = Who::returns);

 private:
  struct Pair {
    std::uint32_t comes;
    std::uint32_t goes;
  };
  void connect(std::uint32_t user);
  void disconnect(std::uint32_t user);
  void settle(const Result<Proposal>& proposal);
  void pass_time();

  // How often a Book writes down what has cooled.
  static constexpr Milliseconds kMarkInterval = 10s;
  [[nodiscard]] Pair next_pair(Who who);

  std::unique_ptr<Allocator> allocator_;
  Sink sink_;
  play::Dice dice_{7};
  std::vector<std::uint32_t> connected_, away_;
  std::uint32_t known_ = 0;  // users who ever came
  Person person_;
  Moment now_{WallTime(std::chrono::days(20'000)), SteadyTime(Milliseconds(1000))};
  SteadyTime marked_ = now_.steady;
  std::uint64_t pairs_ = 0;
};

}  // namespace berth::figures
