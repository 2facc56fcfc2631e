// snapshot.cc - a thread reads names and then leases, while this one orders what was given back.
#include "store/snapshot.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "store/rows.h"

namespace berth {
namespace {

// The texts of `name` by number. Numbers are dense: they are given out one by one.
class Names {
 public:
  void read(Database& db) {
    const auto most = static_cast<std::size_t>(db.number("SELECT max(id) FROM name"));
    places_.resize(most + 1);
    Statement rows = db.prepare("SELECT id, owner, user FROM name");
    while (rows.step()) {
      Place& place = places_[static_cast<std::size_t>(rows.number(0))];
      const std::string_view owner = rows.text(1);
      const std::string_view user = rows.text(2);
      place = {texts_.size(), static_cast<std::uint32_t>(owner.size()),
               static_cast<std::uint32_t>(user.size())};
      texts_ += owner;
      texts_ += user;
    }
  }
  // Empty for an erased owner.
  [[nodiscard]] std::string_view owner(std::int64_t id) const {
    const Place place = at(id);
    return std::string_view(texts_).substr(place.offset, place.owner);
  }
  [[nodiscard]] std::string_view user(std::int64_t id) const {
    const Place place = at(id);
    return user_of(owner(id),
                   std::string_view(texts_).substr(place.offset + place.owner, place.user));
  }
  [[nodiscard]] std::size_t size(std::int64_t id) const { return at(id).owner + at(id).user; }

  // Ask memory for what size() of this name, and then its texts, will read.
  void fetch_size(std::int64_t id) const {
    const auto index = static_cast<std::size_t>(id);
    if (index < places_.size()) __builtin_prefetch(&places_[index]);
  }
  void fetch_texts(std::int64_t id) const { __builtin_prefetch(texts_.data() + at(id).offset); }

 private:
  struct Place {
    std::size_t offset = 0;
    std::uint32_t owner = 0;
    std::uint32_t user = 0;
  };
  [[nodiscard]] Place at(std::int64_t id) const {
    const auto index = static_cast<std::size_t>(id);
    return index < places_.size() ? places_[index] : Place{};
  }
  std::vector<Place> places_;
  std::string texts_;
};

// Texts that stay where they are.
class Texts {
 public:
  explicit Texts(std::size_t most) { bytes_.reserve(most); }
  [[nodiscard]] std::string_view keep(std::string_view text) {
    BERTH_ASSERT(text.size() <= room());
    const std::size_t at = bytes_.size();
    bytes_ += text;
    return std::string_view(bytes_).substr(at);
  }
  [[nodiscard]] std::size_t room() const { return bytes_.capacity() - bytes_.size(); }

 private:
  std::string bytes_;
};

// Leases in order, with their texts.
class Block {
 public:
  Block() { leases_.reserve(kMost), names_.reserve(kMost); }

  [[nodiscard]] bool full() const {
    return leases_.size() == kMost || texts_.room() < kMaxPortBytes + kMaxSessionBytes;
  }
  void add(const LeaseRecord& lease, std::int64_t name) {
    LeaseRecord& added = leases_.emplace_back(lease);
    added.port = texts_.keep(lease.port);
    added.session = texts_.keep(lease.session);
    names_.push_back(name);
  }
  // Gives them their names, which lie anywhere in memory: all are asked for at once.
  void name(const Names& names) {
    constexpr std::size_t kAhead = 16;
    std::size_t size = 0;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (i + kAhead < names_.size()) names.fetch_size(names_[i + kAhead]);
      size += names.size(names_[i]);
      names.fetch_texts(names_[i]);
    }
    name_texts_.emplace(size);
    for (std::size_t i = 0; i < names_.size(); ++i) {
      LeaseRecord& lease = leases_[i];
      const std::string_view user = names.user(names_[i]);
      lease.owner = name_texts_->keep(names.owner(names_[i]));
      lease.user = lease.owner == user ? lease.owner : name_texts_->keep(user);
    }
  }
  [[nodiscard]] std::span<const LeaseRecord> leases() const { return leases_; }

 private:
  static constexpr std::size_t kMost = 1024;
  static constexpr std::size_t kTextBytes = std::size_t{64} << 10;
  std::vector<LeaseRecord> leases_;
  std::vector<std::int64_t> names_;
  Texts texts_{kTextBytes};
  std::optional<Texts> name_texts_;
};

// Blocks on their way from one thread to another, some at a time; nullptr ends them.
class Blocks {
 public:
  void put(std::unique_ptr<Block> block) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return blocks_.size() < kMost; });
    blocks_.push_back(std::move(block));
    changed_.notify_all();
  }
  [[nodiscard]] std::unique_ptr<Block> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !blocks_.empty(); });
    std::unique_ptr<Block> block = std::move(blocks_.front());
    blocks_.pop_front();
    changed_.notify_all();
    return block;
  }

 private:
  // Enough to go on reading leases while the addresses that were given back are handed over.
  static constexpr std::size_t kMost = 64;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Block>> blocks_;  // mutex_
};

class Snapshot {
 public:
  Snapshot(Database& db, Database& ahead, Loader& loader)
      : db_(db), ahead_(ahead), loader_(loader) {}

  // Two threads, about half of the work each.
  void read() {
    start();
    servers();
    std::promise<void> names_are_read;
    Blocks blocks;
    std::thread reading_ahead([&] {
      names_.read(ahead_);
      names_are_read.set_value();
      read_leases(blocks);
    });
    const std::vector<Back> backs = given_back();
    names_are_read.get_future().wait();
    reservations();
    cooled();
    for (const Back& back : backs) give(back);
    leases(blocks);
    reading_ahead.join();
    provided();
  }

 private:
  // An address that was given back: small, since there may be millions to sort.
  struct Back {
    Serial serial = 0;
    std::int64_t name = 0;
    std::int64_t ended = 0;
    Ipv6Prefix prefix;
    std::uint32_t ipv4 = 0;
    Kind kind = Kind::ipv4;
    bool second = false;
  };

  void start() {
    const auto state = [this](const char* key) {
      return static_cast<std::uint64_t>(
          db_.number("SELECT value FROM state WHERE key = '" + std::string(key) + "'"));
    };
    const StoreKey key = {state("key_0"), state("key_1")};
    Statement rules = db_.prepare("SELECT value FROM state WHERE key = 'rules'");
    const std::string text(rules.step() ? rules.text(0) : std::string_view());
    loader_.start(key, state("serial"), text,
                  wall_time(static_cast<std::int64_t>(state("newest"))));
  }

  void servers() {
    Statement rows = db_.prepare("SELECT id, name, epoch, before, awaited FROM server");
    while (rows.step()) {
      servers_[rows.number(0)] = rows.text(1);
      loader_.server(rows.text(1), rows.text(2),
                     Generation{static_cast<std::uint64_t>(rows.number(3))}, rows.number(4) != 0);
    }
  }

  void reservations() {
    Statement rows = db_.prepare("SELECT name, ipv4, ipv6, delegated FROM reservation");
    while (rows.step()) {
      loader_.reservation(
          {names_.owner(rows.number(0)), names_.user(rows.number(0)), addresses_in(rows, 1)});
    }
  }

  void cooled() {
    Statement rows = db_.prepare("SELECT pool, kind, serial FROM cooled");
    while (rows.step()) {
      loader_.cooled(
          {rows.text(0), static_cast<Kind>(rows.number(1)), static_cast<Serial>(rows.number(2))});
    }
  }

  void provided() {
    Statement rows = db_.prepare(
        "SELECT lease, generation, kind, release, module, name, server, port, ipv4, ipv6, "
        "delegated FROM provided");
    while (rows.step()) {
      loader_.provided({.id = {static_cast<std::uint64_t>(rows.number(0))},
                        .generation = {static_cast<std::uint64_t>(rows.number(1))},
                        .kind = static_cast<Kind>(rows.number(2)),
                        .release = rows.number(3) != 0,
                        .module = rows.text(4),
                        .owner = names_.owner(rows.number(5)),
                        .user = names_.user(rows.number(5)),
                        .server = servers_[rows.number(6)],
                        .port = rows.text(7),
                        .address = addresses_in(rows, 8)});
    }
  }

  // In the order in which it was.
  std::vector<Back> given_back() {
    std::vector<Back> backs;
    Statement ipv4 =
        db_.prepare("SELECT serial, name, second, ended, ipv4 FROM slot_ipv4 WHERE lease IS NULL");
    while (ipv4.step()) {
      Back back = back_in(ipv4, Kind::ipv4);
      back.ipv4 = static_cast<std::uint32_t>(ipv4.number(4));
      backs.push_back(back);
    }
    const auto read = [&](std::string_view sql, Kind kind) {
      Statement rows = db_.prepare(sql);
      while (rows.step()) {
        Back back = back_in(rows, kind);
        if (const auto prefix = prefix_in(rows.text(4))) back.prefix = *prefix;
        backs.push_back(back);
      }
    };
    read("SELECT serial, name, second, ended, ipv6 FROM slot_ipv6 WHERE lease IS NULL", Kind::ipv6);
    read("SELECT serial, name, second, ended, delegated FROM slot_delegated WHERE lease IS NULL",
         Kind::delegated);
    cooling(backs);
    std::ranges::sort(backs, {}, &Back::serial);
    return backs;
  }

  // One identifier may be here more than once, and be held again: the last one counts. They are
  // looked up in the order of the table of slots, so that its pages are read once.
  void cooling(std::vector<Back>& backs) {
    std::vector<Back> all;
    Statement rows = db_.prepare("SELECT serial, name, second, ended, ipv6 FROM cooling");
    while (rows.step()) {
      Back back = back_in(rows, Kind::ipv6);
      if (const auto prefix = prefix_in(rows.text(4))) back.prefix = *prefix;
      all.push_back(back);
    }
    std::ranges::sort(all, {},
                      [](const Back& back) { return std::pair(back.prefix, back.serial); });
    Statement held = db_.prepare("SELECT 1 FROM slot_ipv6 WHERE ipv6 = ?");
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i + 1 < all.size() && all[i + 1].prefix == all[i].prefix) continue;
      const PrefixKey key(all[i].prefix);
      const bool is_held = held.with(key.blob()).step();
      held.reset();
      if (!is_held) backs.push_back(all[i]);
    }
  }

  static Back back_in(const Statement& row, Kind kind) {
    Back back;
    back.serial = static_cast<Serial>(row.number(0));
    back.name = row.number(1);
    back.second = row.number(2) != 0;
    back.ended = row.number(3);
    back.kind = kind;
    return back;
  }

  void give(const Back& back) {
    Loader::Last last;
    last.kind = back.kind;
    switch (back.kind) {
      case Kind::ipv4: last.address.ipv4 = Ipv4(back.ipv4); break;
      case Kind::ipv6: last.address.ipv6 = back.prefix; break;
      case Kind::delegated: last.address.delegated = back.prefix; break;
    }
    last.owner = names_.owner(back.name);
    last.serial = back.serial;
    last.remembered = !back.second;
    last.ended = wall_time(back.ended);
    loader_.last(last);
  }

  void leases(Blocks& blocks) {
    while (const std::unique_ptr<Block> block = blocks.take()) loader_.live(block->leases());
  }

  void read_leases(Blocks& blocks) {
    Statement rows = ahead_.prepare(
        "SELECT generation, id, active, port_key, second, name, server, port, session, ipv4, "
        "ipv6, delegated, started_ipv4, started_ipv6, started_delegated, renewed, hold_ms, "
        "lease_ms FROM lease_row ORDER BY generation");
    // Both are in order: the view `lease` would look for each generation among those that ended.
    Statement ended = ahead_.prepare("SELECT generation FROM ended ORDER BY generation");
    bool more_ended = ended.step();
    auto block = std::make_unique<Block>();
    while (rows.step()) {
      while (more_ended && ended.number(0) < rows.number(0)) more_ended = ended.step();
      if (more_ended && ended.number(0) == rows.number(0)) continue;
      block->add(lease_in(rows), rows.number(5));
      if (!block->full()) continue;
      block->name(names_);
      blocks.put(std::move(block));
      block = std::make_unique<Block>();
    }
    block->name(names_);
    blocks.put(std::move(block));
    blocks.put(nullptr);
  }

  // Without its names.
  [[nodiscard]] LeaseRecord lease_in(const Statement& row) const {
    LeaseRecord lease;
    numbers_in(row, 9, lease);
    const auto server = servers_.find(row.number(6));
    if (server != servers_.end()) lease.server = server->second;
    lease.port = row.text(7);
    lease.session = row.text(8);
    return lease;
  }

  Database& db_;
  Database& ahead_;  // the thread's that reads ahead
  Loader& loader_;
  Names names_;  // the thread's until they are read; nobody's to change after
  std::unordered_map<std::int64_t, std::string> servers_;
};

}  // namespace

Done load_snapshot(Database& db, Database& ahead, Loader& loader) {
  // One transaction each: a lock for all statements, not for every single one.
  db.exec("BEGIN");
  ahead.exec("BEGIN");
  Snapshot(db, ahead, loader).read();
  db.roll_back();
  ahead.roll_back();
  if (Done done = db.check(); !done) return done;
  return ahead.check();
}

}  // namespace berth
