// host.h - plays a scenario to a chain of modules, as RAS would, and judges what comes of it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "berth/book.h"
#include "berth/settings.h"
#include "ras/book_source.h"
#include "ras/load.h"
#include "rashost/administered.h"
#include "rashost/scenario.h"
#include "rashost/static_pool.h"

namespace berth::ras {

// What came of a scenario.
struct Judged {
  std::uint64_t calls = 0;
  std::uint64_t came_up = 0;  // connections
  std::uint64_t refused = 0;
  // What was expected and did not come true, what the contract forbids, and what is held at the
  // end though nobody is connected. At most kMostFindings are kept.
  std::vector<std::string> findings;
  std::uint64_t finding_count = 0;

  static constexpr std::size_t kMostFindings = 100;
  [[nodiscard]] bool good() const { return finding_count == 0; }
};

class Host {
 public:
  // Told of every call, with its number from 1 on.
  using OnCall = std::function<void(std::uint64_t, const Made&)>;
  // Told what happens between the calls, such as "restart".
  using OnEvent = std::function<void(const std::string&)>;

  // With settings, the addresses and leases are those of the Book that they name; without, what RAS
  // proposes is the scenario's, and nothing lasts.
  Host(Registration registration, LoadOptions options, OnCall on_call, OnEvent on_event,
       std::optional<Settings> settings = std::nullopt);
  ~Host();

  // Loads the modules, plays, ends what is up, and terminates them. Refused: a module cannot be
  // loaded, at the start or after a restart.
  [[nodiscard]] Loaded<Judged> play(const Scenario& scenario);

  // For administration functions, from any thread, while it plays.
  [[nodiscard]] Administered& administered() { return administered_; }

 private:
  [[nodiscard]] std::string next_epoch();
  [[nodiscard]] Loaded<void> start(const Scenario& scenario);
  [[nodiscard]] Done open_book(const Scenario& scenario, const std::string& epoch);
  void tell_events();
  void stop();
  void die();
  void heard(const Made& made);
  [[nodiscard]] LinkFacts link(const std::u16string& port);
  bool hang_up(const std::string& name);
  void act(const Connect& connect);
  void act(const Preauthenticate& client);
  void act(const AddLink& add);
  void act(const DropLink& drop);
  void act(const Reauthenticate& again);
  void act(const Move& move);
  void act(const HangUp& hang_up);
  void act(const Random& random);
  void act(const Wait& wait);
  void drop_asked(std::chrono::steady_clock::time_point until);
  void judge_up(const std::string& what, const Expected& expected, const ConnectionFacts& facts);
  void judge_refused(const std::string& what, const Expected& expected, const Failed& failed);
  void judge(const std::string& what, const Expected& expected,
             const std::expected<void, Failed>& outcome, const ConnectionFacts& facts);
  void find(const std::string& finding);
  Connection* connection(const std::string& name);

  Registration registration_;
  LoadOptions options_;
  OnCall on_call_;
  OnEvent on_event_;
  std::size_t line_ = 0;
  Judged judged_;
  std::optional<Settings> settings_;
  Administered administered_;
  std::unique_ptr<StaticPool> pool_;
  std::mutex events_mutex_;
  std::vector<std::string> events_;  // of the Book; guarded by events_mutex_
  std::unique_ptr<Book> book_;
  std::unique_ptr<BookSource> book_source_;
  AddressSource* source_ = nullptr;  // one of the two
  std::unique_ptr<Chain> chain_;
  std::map<std::string, std::unique_ptr<Connection>> connections_;
  std::uint64_t handles_ = 0;
  std::uint64_t starts_ = 0;
  std::uint64_t ipv6_prefix_ = 0;
};

}  // namespace berth::ras
