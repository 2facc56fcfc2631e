// opening.cc - Book::open: from a plan and a store to an allocator that knows what the store does.
#include <algorithm>
#include <map>
#include <span>

#include "berth/book.h"
#include "book/local_book.h"
#include "core/kinds.h"
#include "store/memory_store.h"
#include "store/sqlite_store.h"

namespace berth {
namespace {

// Fills an allocator with what a store holds. The first thing that cannot be is kept: the rest
// is passed over, and said() tells.
class Filling final : public Loader {
 public:
  Filling(const Plan& plan, const Moment& now, TimeAway time_away)
      : plan_(plan), now_(now), time_away_(time_away) {}

  void start(const StoreKey& key, Serial last_serial, std::string_view owner_rules,
             WallTime newest) override {
    owner_rules_ = owner_rules;
    newest_ = newest;
    Result<std::unique_ptr<Allocator>> made = Allocator::make(plan_, key, last_serial);
    if (!made) {
      well_ = std::unexpected(made.error());
      return;
    }
    allocator_ = *std::move(made);
  }
  void server(std::string_view name, std::string_view epoch, Generation before,
              bool awaited) override {
    if (well_) allocator_->load_server(name, epoch, before, awaited);
  }
  void reservation(const Reserve& reservation) override {
    if (well_) allocator_->load_reservation(reservation);
  }
  void cooled(const Cooled& cooled) override {
    if (well_) allocator_->load_cooled(cooled);
  }
  void last(const Last& last) override {
    if (!well_) return;
    allocator_->load_last(last.kind, last.address, last.owner, last.serial, last.remembered,
                          since(last.ended));
  }
  void live(std::span<const LeaseRecord> leases) override {
    if (!well_) return;
    allocator_->load_leases(leases,
                            [this](const LeaseRecord& lease) { return since(lease.renewed); });
  }
  void provided(const Provided& provided) override {
    if (well_) allocator_->load_provided(provided);
  }
  Done change(std::string_view bytes) override {
    const WallTime time = time_of(bytes);
    if (time != WallTime{}) newest_ = time;
    if (well_) well_ = allocator_->apply(bytes, since(time));
    return well_;
  }

  [[nodiscard]] const Done& said() const { return well_; }
  [[nodiscard]] Done check_cuts() const { return allocator_->check_cuts(); }
  [[nodiscard]] const std::string& owner_rules() const { return owner_rules_; }
  [[nodiscard]] WallTime newest() const { return newest_; }
  [[nodiscard]] std::unique_ptr<Allocator> take() { return std::move(allocator_); }

 private:
  const Plan& plan_;
  // The moment from which waiting counts for what was last heard of at `wall`.
  [[nodiscard]] Moment since(WallTime wall) const {
    if (time_away_ == TimeAway::starts_again) return now_;
    const Milliseconds passed = std::clamp(now_.wall - std::min(wall, now_.wall), Milliseconds(0),
                                           now_.steady.time_since_epoch());
    return {now_.wall, now_.steady - passed};
  }
  // When a change was made, as far as it matters for waiting.
  [[nodiscard]] WallTime time_of(std::string_view bytes) const {
    WallTime time{};
    for (StepReader reader(bytes); !reader.done();) {
      const Result<Step> step = reader.next();
      if (!step) break;  // apply() will say so
      if (const auto* begin = std::get_if<Begin>(&*step)) time = begin->lease.renewed;
      if (const auto* end = std::get_if<End>(&*step)) time = end->ended;
      if (const auto* alive = std::get_if<Alive>(&*step)) time = alive->at;
      if (const auto* stepped = std::get_if<ClockStepped>(&*step)) time = stepped->to;
    }
    return time;
  }

  Moment now_;
  TimeAway time_away_;
  std::unique_ptr<Allocator> allocator_;
  std::string owner_rules_;
  WallTime newest_{};  // of all changes, when the last was made
  Done well_;
};

// All renamings are one change, so that a crash leaves all names old or all new: what one change
// may take of memory and of the store, which is about two million names of usual length.
constexpr std::size_t kMaxRenameBytes = std::size_t{128} << 20;

Done commit_one(Store& store, std::string_view bytes) {
  Commit commit{.bytes = bytes};
  store.commit({&commit, 1});
  if (commit.outcome == Outcome::durable) return {};
  return std::unexpected(commit.error);
}

// Makes every owner anew from its raw names. Refused where two would become one: their leases,
// last addresses and history could never be told apart again.
Done rename_owners(Store& store, const OwnerNamer& namer) {
  std::map<std::string, std::string> now_called;  // new name -> the old one that becomes it
  std::string bytes;
  ChangeWriter writer(bytes);
  std::uint64_t count = 0;
  Done renamed = store.for_each_name([&](std::string_view owner, std::string_view user) -> Done {
    const Result<OwnerName> name = namer.name(user);
    if (!name) return std::unexpected(name.error());
    const auto [known, fresh] = now_called.try_emplace(name->owner, owner);
    if (!fresh && known->second != owner) {
      return fail(Code::owners_collide,
                  "the new owner rules make " + known->second + " and " + std::string(owner) +
                      " one owner, " + name->owner,
                  "keep the old rules, or erase one of the two first");
    }
    if (name->owner == owner) return {};
    writer.add(Step(Rename{owner, user, name->owner}));
    ++count;
    if (bytes.size() <= kMaxRenameBytes) return {};
    return fail(Code::settings_invalid,
                "the new owner rules rename more than " + std::to_string(count - 1) +
                    " names, more than one change of the store may hold",
                "keep the old rules, or begin a new store with the new ones");
  });
  if (!renamed) return renamed;
  const std::string rules = namer.fingerprint();
  writer.add(Step(RulesChanged{rules}));
  return commit_one(store, bytes);
}

}  // namespace

Result<std::unique_ptr<LocalBook>> LocalBook::open(
    const Plan& plan, const std::function<Result<std::unique_ptr<Store>>()>& open_store,
    Running running) {
  // Before the store is touched: a plan that cannot be must not leave files behind.
  if (const Result<Policy> policy = Policy::compile(plan); !policy) {
    return std::unexpected(policy.error());
  }
  const OwnerNamer namer(plan.owners);
  for (;;) {
    Result<std::unique_ptr<Store>> store = open_store();
    if (!store) return std::unexpected(store.error());
    Filling filling(plan, {running.clock.wall(), running.clock.steady()}, running.time_away);
    const Result<Revision> loaded = (*store)->load(filling);
    if (!filling.said()) return std::unexpected(filling.said().error());
    if (!loaded) return std::unexpected(loaded.error());
    if (Done fits = filling.check_cuts(); !fits) return std::unexpected(fits.error());
    if (filling.owner_rules() != namer.fingerprint()) {
      if (Done renamed = rename_owners(**store, namer); !renamed) {
        return std::unexpected(renamed.error());
      }
      // A new store has nothing to rename; an old one is read again under the new names.
      if (!filling.owner_rules().empty()) continue;
    }
    return std::make_unique<LocalBook>(namer, filling.take(), *std::move(store), plan,
                                       std::move(running), filling.newest());
  }
}

Result<std::unique_ptr<Book>> Book::open(const Plan& plan, const StoreOptions& options) {
  Chance& chance = options.chance != nullptr ? *options.chance : system_chance();
  const auto open_store = [&]() -> Result<std::unique_ptr<Store>> {
    if (options.path.empty()) return make_memory_store({.chance = &chance});
    return open_sqlite_store({.path = options.path, .chance = &chance});
  };
  // A clock that somebody moves is looked at when they say so.
  const bool by_hand = options.clock != nullptr;
  return LocalBook::open(plan, open_store,
                         {.clock = by_hand ? *options.clock : system_clock(),
                          .upkeep = by_hand ? Upkeep::by_tick : Upkeep::by_thread,
                          .time_away = options.time_away,
                          .on_event = options.on_event});
}

}  // namespace berth
