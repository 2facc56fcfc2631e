// fault_test.cc - what a Book does when its store refuses, is behind another node, or cannot tell.
#include <atomic>
#include <fstream>
#include <future>
#include <thread>

#include "book/promise_test.h"
#include "store/forgetful_vfs.h"
#include "store/sqlite.h"

namespace berth::testing {
namespace {

class Fault : public ::testing::Test {
 protected:
  Fault() { plan_.pools = {ipv4_pool("main", "10.0.0.1-10.0.0.4")}; }

  Book& book() {
    if (!book_) {
      book_ = *LocalBook::open(plan_, [this] { return disk_.open(); }, {clock_, Upkeep::by_tick});
    }
    return *book_;
  }
  void close() { book_.reset(); }
  template <class T>
  static std::string code_of(const Result<T>& answer) {
    return answer ? "done" : std::string(code_name(answer.error().code));
  }
  // The code and the sentence; every refusal has both, and a remedy.
  template <class T>
  static std::string said_of(const Result<T>& answer) {
    if (answer) return "done";
    EXPECT_FALSE(answer.error().remedy.empty()) << answer.error().what;
    return code_of(answer) + ": " + answer.error().what;
  }
  std::size_t live() { return book().leases({}, {}, 100)->size(); }
  std::uint64_t pending() { return book().pools()[0].pending; }

  HandClock clock_;
  Disk disk_;
  Plan plan_;

 private:
  std::unique_ptr<LocalBook> book_;
};

constexpr unsigned kAlways = 1000;

TEST_F(Fault, AFullDiskIsSaidAndLosesNothing) {
  ASSERT_TRUE(book().assign(session_request("ana", "1")));
  disk_.faults.refused = kAlways;
  EXPECT_EQ(said_of(book().assign(session_request("bob", "2"))), "store_full: the disk is full");
  EXPECT_EQ(code_of(book().release(session_ref("1"))), "store_full");
  EXPECT_EQ(code_of(book().confirm(session_ref("1"))), "store_full");
  EXPECT_EQ(code_of(book().reserve("eva", {.ipv4 = ip("10.0.0.4")})), "store_full");
  EXPECT_EQ(code_of(book().server_booted("nas", "one")), "store_full");
  clock_.advance(plan_.hold_time);
  book().tick();
  EXPECT_EQ(live(), 1U) << "what could not be written has not happened";
  EXPECT_EQ(pending(), 0U);

  disk_.faults = {};
  EXPECT_TRUE(book().assign(session_request("bob", "2")));
  book().tick();
  EXPECT_EQ(live(), 1U) << "ana's hold time is over; it was tried again";
  EXPECT_TRUE(book().reserve("eva", {.ipv4 = ip("10.0.0.4")}));
}

TEST_F(Fault, EveryAddressIsStillThereAfterRefusals) {
  disk_.faults.refused = 600;
  book();
  for (int i = 0; i < 200; ++i) {
    const std::string name = std::to_string(i % 4);
    static_cast<void>(book().assign(session_request(name, name)));
    static_cast<void>(book().release(session_ref(name)));
  }
  disk_.faults = {};
  for (const char* name : {"0", "1", "2", "3"}) {
    EXPECT_TRUE(book().assign(session_request(name, name)));
  }
  EXPECT_EQ(live(), 4U);
}

// Both ends of an unknown outcome, by the disk's dice.
TEST_F(Fault, WhatTheStoreCouldNotTellIsSettledAsItReallyWas) {
  plan_.pools[0].cool_down = 0s;
  bool seen[2] = {false, false};
  for (int i = 0; i < 40; ++i) {
    const std::string name = std::to_string(i);
    SCOPED_TRACE("round " + name);
    book();
    disk_.faults.unknown = kAlways;
    EXPECT_EQ(code_of(book().assign(session_request(name, name))), "store_unavailable");
    const bool written = disk_.wrote_last();
    seen[written ? 1 : 0] = true;
    EXPECT_EQ(pending(), 1U) << "nobody else may have it until the store has told";
    EXPECT_EQ(code_of(book().assign(session_request("eva", "eva"))), "store_unavailable");
    disk_.faults = {};
    book().tick();
    EXPECT_EQ(pending(), 0U);
    EXPECT_EQ(live(), written ? 1U : 0U);
    const auto again = book().assign(session_request(name, name));
    ASSERT_TRUE(again) << again.error().what << ": the same request gets the same lease";
    EXPECT_EQ(live(), 1U);
    ASSERT_TRUE(book().release({.id = again->id, .generation = again->generation}));
    if (i % 8 == 0) close();
  }
  EXPECT_TRUE(seen[0] && seen[1]);
}

TEST_F(Fault, AStoreThatStillCannotTellIsAskedAgain) {
  book();
  disk_.faults = {.unknown = kAlways, .unsettled = kAlways};
  EXPECT_EQ(
      said_of(book().assign(session_request("ana", "1"))),
      "store_unavailable: the store did not say whether it wrote the change: the sync failed");
  EXPECT_EQ(said_of(book().assign(session_request("bob", "2"))),
            "store_unavailable: the store has not said yet whether it wrote an earlier change: "
            "the sync failed");
  for (int i = 0; i < 3; ++i) {
    book().tick();
    EXPECT_EQ(said_of(book().assign(session_request("bob", "2"))),
              "store_unavailable: the store has not said yet whether it wrote an earlier change: "
              "the disk does not answer");
  }
  disk_.faults = {};
  book().tick();
  EXPECT_TRUE(book().assign(session_request("bob", "2")));
}

TEST_F(Fault, WhatAnotherNodeWasFirstToIsChosenAgain) {
  book();
  disk_.faults.conflict = 500;
  ASSERT_TRUE(book().assign(session_request("ana", "1")));
  EXPECT_TRUE(book().release(session_ref("1")));
}

// It chose what ana was about to get.
TEST_F(Fault, AnAddressThatAnotherNodeTookIsNotChosenAgain) {
  book();
  std::string change;
  Begin begin;
  begin.lease = {.id = {7},
                 .generation = {1},
                 .owner = "bob",
                 .user = "bob",
                 .server = "nas",
                 .session = "far away",
                 .addresses = {.ipv4 = ip("10.0.0.1")}};
  begin.lease.started.fill(clock_.wall());
  begin.lease.renewed = clock_.wall();
  ChangeWriter(change).add(begin);
  disk_.other_node(change);

  const auto ana = book().assign(session_request("ana", "1"));
  ASSERT_TRUE(ana) << ana.error().what;
  EXPECT_EQ(ana->addresses.ipv4, ip("10.0.0.2"));
  EXPECT_GT(ana->generation, begin.lease.generation);
  EXPECT_EQ(live(), 2U);
  const auto bob = *book().leases("bob", {}, 9);
  ASSERT_EQ(bob.size(), 1U);
  EXPECT_EQ(bob[0].addresses, begin.lease.addresses);
  EXPECT_EQ(pending(), 0U);
  close();
  EXPECT_EQ(live(), 2U) << "and the store agrees";
  EXPECT_EQ(book().find(session_ref("1"))->addresses, ana->addresses);
}

TEST_F(Fault, AConflictIsTriedSoOftenAndNotForEver) {
  book();
  const std::uint64_t before = disk_.commits();
  disk_.faults.conflict = kAlways;
  EXPECT_EQ(said_of(book().assign(session_request("ana", "1"))),
            "conflict: another node changed the same thing first, 8 times");
  EXPECT_EQ(disk_.commits() - before, static_cast<std::uint64_t>(Pipeline::kMostTries));
  EXPECT_EQ(pending(), 0U);
}

TEST_F(Fault, AConflictOverAnEndThatWasDueKeepsNobodyWaiting) {
  ASSERT_TRUE(book().assign(session_request("ana", "1")));
  clock_.advance(plan_.hold_time);
  disk_.faults.conflict = kAlways;
  book().tick();
  EXPECT_EQ(live(), 1U);
  disk_.faults = {};
  book().tick();
  EXPECT_EQ(live(), 0U);
}

// One call is in the store; others wait for the same owner. The store cannot say what became of
// it: all of them are told, and none when the Book is long gone.
TEST_F(Fault, ThoseWhoWaitForAnUnknownChangeAreTold) {
  book();
  disk_.faults = {.unknown = kAlways, .unsettled = kAlways};
  std::promise<void> waiting;
  std::shared_future<void> all_wait = waiting.get_future().share();
  disk_.before_commit = [all_wait] { all_wait.wait(); };
  std::atomic<int> told = 0;
  for (const char* session : {"1", "2", "3", "4"}) {
    book().assign_async(session_request("ana", session), [&](const Result<Grant>& grant) {
      EXPECT_EQ(code_of(grant), "store_unavailable");
      ++told;
    });
  }
  waiting.set_value();
  close();  // finishes what is under way
  EXPECT_EQ(told, 4);
}

TEST_F(Fault, AllCallbacksRunBeforeTheBookIsGone) {
  plan_.pools = {ipv4_pool("main", "10.0.0.0/16")};
  book();
  std::atomic<int> told = 0;
  for (int i = 0; i < 500; ++i) {
    // Many wait for the same owner.
    book().assign_async(session_request(std::to_string(i % 10), std::to_string(i)),
                        [&](const Result<Grant>& grant) {
                          EXPECT_TRUE(grant);
                          ++told;
                        });
  }
  close();
  EXPECT_EQ(told, 500);
  EXPECT_EQ(live(), 100U) << "the limit of live()";
}

TEST_F(Fault, NewOwnerRulesForMoreNamesThanOneChangeHoldsAreRefusedWithTheWayOut) {
  ASSERT_TRUE(book().assign(session_request("ana@corp", "1")));
  close();
  const std::uint64_t before = disk_.commits();
  plan_.owners.keep_realm = false;
  disk_.crowd = 50'000;
  const auto refused =
      LocalBook::open(plan_, [this] { return disk_.open(); }, {clock_, Upkeep::by_tick});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::settings_invalid);
  EXPECT_TRUE(refused.error().what.starts_with("the new owner rules rename more than "))
      << refused.error().what;
  EXPECT_TRUE(refused.error().remedy.contains("keep the old rules")) << refused.error().remedy;
  EXPECT_EQ(disk_.commits(), before);
  plan_.owners.keep_realm = true;
  EXPECT_EQ(book().find(session_ref("1"))->owner, "ana@corp");
}

// --- SQLite on a disk that fails ---

class SqliteFault : public ::testing::Test {
 protected:
  SqliteFault() { plan_.pools = {ipv4_pool("main", "10.0.0.0/24")}; }

  Book& book() {
    if (!book_) {
      auto opened = LocalBook::open(
          plan_,
          [this]() -> Result<std::unique_ptr<Store>> {
            return open_sqlite_store({.path = files_.path(), .chance = &dice_, .vfs = disk_.vfs()});
          },
          {clock_, Upkeep::by_tick});
      EXPECT_TRUE(opened) << opened.error().what;
      book_ = *std::move(opened);
    }
    return *book_;
  }
  void close() { book_.reset(); }
  // Fails once; tries until the answer is another.
  Result<Grant> assign_until_well(const std::string& name) {
    for (int i = 0; i < 1000; ++i) {
      Result<Grant> grant = book().assign(session_request(name, name));
      if (grant) return grant;
      book().tick();
    }
    return fail(Code::busy, "never well");
  }

  StoreFiles files_;
  ForgetfulDisk disk_{"book-fault"};
  HandClock clock_;
  Dice dice_{1};
  Plan plan_;

 private:
  std::unique_ptr<LocalBook> book_;
};

TEST_F(SqliteFault, AFullDiskIsRefusedAndRecoversWithNothingLost) {
  const auto ana = book().assign(session_request("ana", "1"));
  ASSERT_TRUE(ana);
  disk_.fail_at(disk_.steps(), ForgetfulDisk::Failure::full);
  const auto refused = book().assign(session_request("bob", "2"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::store_full) << refused.error().what;
  disk_.fail_at(disk_.steps(), ForgetfulDisk::Failure::none);
  const auto bob = assign_until_well("bob");
  ASSERT_TRUE(bob) << bob.error().what;
  close();
  EXPECT_EQ(book().leases({}, {}, 9)->size(), 2U);
  EXPECT_EQ(book().find(session_ref("1"))->addresses, ana->addresses);
}

TEST_F(SqliteFault, WhatTheDiskSaidReachesTheCaller) {
  book();
  disk_.fail_at(disk_.steps(), ForgetfulDisk::Failure::sync_error);
  for (int i = 0; i < 3; ++i) {  // whose outcome is unknown, and who come after
    const auto refused = book().assign(session_request("ana", std::to_string(i)));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::store_unavailable);
    EXPECT_TRUE(refused.error().what.contains("disk I/O error")) << refused.error().what;
    EXPECT_FALSE(refused.error().remedy.empty());
  }
  disk_.fail_at(disk_.steps(), ForgetfulDisk::Failure::none);
}

TEST_F(SqliteFault, EveryStoreThatCannotBeOpenedHasACodeASentenceAndARemedy) {
  const auto refused = [&](const std::string& path, Code code) {
    const auto opened = Book::open(plan_, {.path = path});
    ASSERT_FALSE(opened) << code_name(code);
    EXPECT_EQ(opened.error().code, code) << opened.error().what;
    EXPECT_FALSE(opened.error().what.empty());
    EXPECT_FALSE(opened.error().remedy.empty()) << opened.error().what;
  };
  {
    const auto first = Book::open(plan_, {.path = files_.path("ours.db")});
    ASSERT_TRUE(first);
    refused(files_.path("ours.db"), Code::store_locked);
  }
  Database::open(files_.path("ours.db"), Database::Mode::create)
      .value()
      ->exec("PRAGMA user_version = 1000");
  refused(files_.path("ours.db"), Code::store_newer);
  std::ofstream(files_.path("theirs.db")) << std::string(8192, 'x');
  refused(files_.path("theirs.db"), Code::store_corrupt);
  refused(files_.path("no such directory/leases.db"), Code::store_unavailable);
}

// What the Book believes after a failed sync is what a new one finds.
TEST_F(SqliteFault, AnUnknownOutcomeIsSettledAsTheFilesHaveIt) {
  book();
  for (const auto failure :
       {ForgetfulDisk::Failure::sync_error, ForgetfulDisk::Failure::write_error}) {
    for (int i = 0; i < 20; ++i) {
      const std::string name = std::to_string(static_cast<int>(failure)) + "-" + std::to_string(i);
      disk_.fail_at(disk_.steps() + static_cast<std::uint64_t>(i % 5), failure);
      static_cast<void>(book().assign(session_request(name, name)));
      disk_.fail_at(disk_.steps(), ForgetfulDisk::Failure::none);
      ASSERT_TRUE(assign_until_well(name));
      const auto believed = *book().leases({}, {}, 1000);
      close();
      const auto found = *book().leases({}, {}, 1000);
      ASSERT_EQ(found.size(), believed.size()) << name;
      ASSERT_TRUE(book().find(session_ref(name)));
    }
  }
}

}  // namespace
}  // namespace berth::testing
