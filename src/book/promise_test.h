// promise_test.h - a Book on each kind of store, whose power can be cut, for the tests of promises.
//
// The promises are those of docs/architecture.md; each test of promise_*_test.cc is a sentence
// that must be true of every Book.
#pragma once

#include <gtest/gtest.h>

#include "book/disk_for_tests.h"
#include "book/local_book.h"
#include "store/forgetful_vfs.h"
#include "store/store_files_test.h"

namespace berth::testing {

enum class Kept : std::uint8_t { in_memory, in_snapshots, in_sqlite };
inline void PrintTo(Kept kept, std::ostream* out) {
  *out << (kept == Kept::in_sqlite ? "sqlite" : kept == Kept::in_memory ? "journal" : "snapshot");
}

class Promise : public ::testing::TestWithParam<Kept> {
 protected:
  Promise() {
    plan.pools = {ipv4_pool("main", "10.0.0.1-10.0.0.4")};
    plan.servers = {{.name = "ras", .exclusive_ports = true, .confirms = false}};
  }

  // The Book of today's plan; opened when it is first asked for.
  Book& book() {
    if (!book_) {
      Result<std::unique_ptr<LocalBook>> opened = open();
      EXPECT_TRUE(opened) << opened.error().what;
      book_ = *std::move(opened);
    }
    return *book_;
  }
  Result<std::unique_ptr<LocalBook>> open() {
    return LocalBook::open(plan, [this] { return open_store(); },
                           {.clock = clock,
                            .upkeep = Upkeep::by_tick,
                            .on_event = [this](const Event& event) { events.push_back(event); }});
  }

  std::string fingerprint() {
    book();
    return book_->fingerprint();
  }

  // The process ends as it should, and another begins.
  void restart() {
    book_.reset();
    disk.mend();
    if (GetParam() == Kept::in_snapshots) disk.fold();
  }
  // The power goes between two calls: what was written and not synced may be there or not.
  void lose_power() {
    if (GetParam() == Kept::in_sqlite) sqlite_disk_.cut_power(dice_.next());
    disk.cut();
    book_.reset();
    if (GetParam() == Kept::in_sqlite) sqlite_disk_.restart();
    restart();
  }

  // Short for what most tests ask.
  Result<Grant> assign(const Request& request) { return book().assign(request); }
  std::string ipv4(const Request& request) {
    const Result<Grant> grant = assign(request);
    if (!grant) return std::string(code_name(grant.error().code));
    return grant->addresses.ipv4 ? grant->addresses.ipv4->to_string() : "none";
  }
  Done release(const LeaseRef& which) { return book().release(which, Cause::released); }
  // What the Book told of since the last look, as text, after a second has passed.
  std::vector<std::string> told() {
    clock.advance(1s);
    book().tick();
    std::vector<std::string> texts;
    for (const Event& event : std::exchange(events, {})) {
      texts.push_back(std::string(event_code(event)) + " | " + event_text(event));
    }
    return texts;
  }
  static std::string code_of(const Done& answer) {
    return answer ? "done" : std::string(code_name(answer.error().code));
  }
  std::size_t live() { return book().leases({}, {}, 1'000'000)->size(); }
  std::vector<Interval> history(std::string_view user) { return *book().history(user, {}); }
  PoolUse use(Kind kind = Kind::ipv4) {
    for (const PoolUse& each : book().pools()) {
      if (each.kind == kind) return each;
    }
    return {};
  }

  HandClock clock;
  Disk disk;
  Plan plan;
  std::vector<Event> events;

 private:
  Result<std::unique_ptr<Store>> open_store() {
    if (GetParam() != Kept::in_sqlite) return disk.open();
    return open_sqlite_store({.path = files_.path(), .chance = &dice_, .vfs = sqlite_disk_.vfs()});
  }

  Dice dice_{1};
  StoreFiles files_;  // for the lock alone; the rest lies on
  ForgetfulDisk sqlite_disk_{"promise"};
  std::unique_ptr<LocalBook> book_;
};

// The same, on the store of tests alone: it counts, and fails when it is told to.
class PromiseInMemory : public Promise {};
// And on its snapshots alone: a journal may tell of things once more.
class PromiseInSnapshots : public Promise {};

}  // namespace berth::testing
