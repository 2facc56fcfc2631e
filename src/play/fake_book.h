// fake_book.h - a Book for tests of the player: it writes down what it is asked, and answers as
// the test tells it to.
//
// Answers come from a thread of its own, of all that wait the last one first, so whoever relies
// on the order of questions is found out. Rules of address choice are the real Book's.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <ranges>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "berth/book.h"

namespace berth::play {

class FakeBook : public Book {
 public:
  // What the test decides; the defaults grant the same address to everybody, one after the other.
  std::function<Result<Grant>(const Request&)> on_assign = [](const Request&) {
    return Result<Grant>(Grant{});
  };
  std::function<Done(const std::string& what, const LeaseRef&)> on_message =
      [](const std::string&, const LeaseRef&) { return Done{}; };
  Clock* clock = nullptr;

  FakeBook() : answering_([this] { answer(); }) {}
  ~FakeBook() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    arrived_.notify_one();
    answering_.join();
  }
  FakeBook(const FakeBook&) = delete;
  FakeBook& operator=(const FakeBook&) = delete;

  // "connect ana", "disconnect ana", "boot vpn1", "tick"; with the time where there is a clock.
  [[nodiscard]] std::vector<std::string> log() const {
    const std::lock_guard lock(mutex_);
    return log_;
  }
  [[nodiscard]] std::size_t most_waiting() const {
    const std::lock_guard lock(mutex_);
    return most_waiting_;
  }

  Result<Grant> assign(const Request& request) override { return on_assign(request); }
  void assign_async(Request request, Granted granted) override {
    note("connect " + request.user);
    wait([this, request = std::move(request), granted = std::move(granted)] {
      granted(on_assign(request));
    });
  }
  Done confirm(const LeaseRef& which) override { return on_message("confirm", which); }
  void confirm_async(LeaseRef which, Finished finished) override {
    message("confirm", std::move(which), std::move(finished));
  }
  Done renew(const LeaseRef& which) override { return on_message("renew", which); }
  void renew_async(LeaseRef which, Finished finished) override {
    message("renew", std::move(which), std::move(finished));
  }
  Done release(const LeaseRef& which, Cause) override { return on_message("disconnect", which); }
  void release_async(LeaseRef which, Cause, Finished finished) override {
    message("disconnect", std::move(which), std::move(finished));
  }
  Result<Booted> server_booted(std::string_view server, std::string_view epoch) override {
    note("boot " + std::string(server) + " " + std::string(epoch));
    return Booted{.ended = 3};
  }
  Result<std::unique_ptr<Draft>> propose(const Request&) override {
    return fail(Code::invalid, "none");
  }
  Result<std::vector<OwedRelease>> hang_up(const LeaseRef& which, Cause) override {
    if (Done done = on_message("disconnect", which); !done) return std::unexpected(done.error());
    return std::vector<OwedRelease>{};
  }
  Result<std::vector<OwedRelease>> take_owed(std::size_t) override {
    return std::vector<OwedRelease>{};
  }
  Result<Listed> server_listed(std::string_view, std::span<const Session>) override {
    return Listed{};
  }
  void tick() override { note("tick"); }

  Done reserve(std::string_view, const Addresses&) override { return {}; }
  Done unreserve(std::string_view, const Addresses&) override { return {}; }
  std::vector<Reservation> reservations() const override { return {}; }
  Result<Lease> find(const LeaseRef&) const override { return fail(Code::not_found, "none"); }
  Result<std::vector<Lease>> leases(std::string_view, std::string_view,
                                    std::size_t) const override {
    return std::vector<Lease>(7);
  }
  Result<std::vector<Interval>> who_had(const AnyRange&, WallTime, Milliseconds) const override {
    return std::vector<Interval>{};
  }
  Result<std::vector<Interval>> history(std::string_view, const Span&) const override {
    return std::vector<Interval>{};
  }
  Result<Explanation> explain(const Request&) const override { return fail(Code::invalid, "none"); }
  std::vector<PoolUse> pools() const override {
    return {{.pool = "p", .kind = Kind::ipv4, .size = 100, .held = 4, .active = 3, .free = 93}};
  }
  Done erase_owner(std::string_view) override { return {}; }
  Result<std::uint64_t> forget_history(WallTime) override { return std::uint64_t{0}; }
  Done backup(const std::string&) const override { return {}; }

 private:
  void note(std::string what) {
    const std::lock_guard lock(mutex_);
    if (clock != nullptr) what += " " + format_time(clock->wall());
    log_.push_back(std::move(what));
  }
  void message(std::string what, LeaseRef which, Finished finished) {
    note(what + " " + which.user);
    wait([this, what = std::move(what), which = std::move(which), finished = std::move(finished)] {
      finished(on_message(what, which));
    });
  }
  void wait(std::function<void()> answer) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(answer));
    most_waiting_ = std::max(most_waiting_, waiting_.size());
    arrived_.notify_one();
  }
  // A plain condition: g++ 12's stop tokens hang now and then on Windows.
  void answer() {
    for (;;) {
      std::vector<std::function<void()>> answers;
      {
        std::unique_lock lock(mutex_);
        arrived_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
        if (stopping_) return;
        answers = std::exchange(waiting_, {});
      }
      for (const auto& answer : std::views::reverse(answers)) answer();
    }
  }

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::string> log_;                // under mutex_
  std::vector<std::function<void()>> waiting_;  // under mutex_
  std::size_t most_waiting_ = 0;                // under mutex_
  bool stopping_ = false;                       // under mutex_
  std::thread answering_;                       // last: it uses all of the above
};

}  // namespace berth::play
