// memory_store.cc - journal and history in containers; nothing outlives the process.
#include "store/memory_store.h"

#include <mutex>

#include "store/clock_steps.h"
#include "store/recent.h"
#include "store/rows.h"

namespace berth {
namespace {

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(const MemoryOptions& options)
      : key_{options.chance->next(), options.chance->next()},
        most_intervals_(options.most_intervals) {}

  Result<Revision> load(Loader& loader) override {
    loader.start(key_, 0, {}, {});
    return Revision{0};
  }

  void commit(std::span<Commit> commits) override {
    BERTH_ASSERT(commits.size() <= kMaxCommits);
    const std::lock_guard lock(mutex_);
    for (Commit& commit : commits) {
      commit.outcome = Outcome::durable;
      commit.revision = ++revision_;
      apply(commit.bytes);
    }
  }

  Result<Revision> settle() override {
    const std::lock_guard lock(mutex_);
    return revision_;
  }
  Done follow(const std::function<Done(std::string_view)>&) override { return {}; }

  Result<std::vector<Interval>> who_had(const AnyRange& where, WallTime at,
                                        Milliseconds window) const override {
    const std::lock_guard lock(mutex_);
    const Moments when = clock_steps_.widened(Moments::around(at, window));
    return recent_.who_had(where, when, kMostIntervals);
  }
  Result<std::vector<Interval>> history(std::string_view owner, const Span& span) const override {
    const std::lock_guard lock(mutex_);
    return recent_.history(owner, Moments::in(span), span.limit);
  }

  Done for_each_name(
      const std::function<Done(std::string_view, std::string_view)>&) const override {
    return {};
  }

  Done scrub() override { return {}; }
  Result<std::uint64_t> ended_before(WallTime before) const override {
    const std::lock_guard lock(mutex_);
    return recent_.ended_before(before);
  }
  Result<std::optional<WallTime>> oldest_end() const override {
    const std::lock_guard lock(mutex_);
    return recent_.oldest_end();
  }
  Done backup(const std::string& path) const override {
    return fail(Code::invalid, "a store in memory has nothing to copy to " + path,
                "give the store a path");
  }
  std::uint64_t lag() const override { return 0; }

 private:
  // What the allocator holds it holds itself; only what is asked of a store is kept here.
  void apply(std::string_view change) {
    Renames renames;
    for (StepReader reader(change); !reader.done();) {
      const Result<Step> step = reader.next();
      BERTH_ASSERT(step.has_value());  // made in this process, a moment ago
      if (const auto* rename = std::get_if<Rename>(&*step)) collect(*rename, renames);
      std::visit([this](const auto& each) { on(each); }, *step);
    }
    if (!renames.empty()) recent_.rename(renames);
    const std::uint64_t last = recent_.last();
    if (last > most_intervals_) recent_.drop_up_to(last - most_intervals_);
  }

  void on(const End& step) { recent_.add(step); }
  void on(const ClockStepped& step) { clock_steps_.add(step); }
  void on(const Erase& step) { recent_.erase(step.owner); }
  void on(const Forget& step) { recent_.forget(step.before); }
  template <class Other>
  void on(const Other&) {}

  StoreKey key_;
  std::size_t most_intervals_;
  mutable std::mutex mutex_;
  Revision revision_ = 0;   // mutex_
  Recent recent_;           // mutex_
  ClockSteps clock_steps_;  // mutex_
};

}  // namespace

std::unique_ptr<Store> make_memory_store(const MemoryOptions& options) {
  BERTH_ASSERT(options.chance != nullptr);
  return std::make_unique<MemoryStore>(options);
}

}  // namespace berth
