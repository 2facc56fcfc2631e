// draft.cc - assignments that a RAS side makes in two halves, and what modules are owed.
#include "book/local_book.h"
#include "core/kinds.h"

namespace berth {
namespace {

class LocalDraft final : public Draft {
 public:
  LocalDraft(Pipeline& pipeline, Request request, OwnerName name)
      : pipeline_(pipeline),
        request_(std::move(request)),
        name_(std::move(name)),
        draft_(pipeline_.draft([this](Allocator& allocator, const Moment& now) {
          return allocator.assign(request_, name_, now);
        })) {
    if (draft_.grant()) chosen_ = *draft_.grant();
  }
  ~LocalDraft() override { pipeline_.drop(draft_); }
  LocalDraft(const LocalDraft&) = delete;
  LocalDraft& operator=(const LocalDraft&) = delete;

  const Result<Grant>& grant() const override { return draft_.grant(); }
  bool is_known() const override { return draft_.stands(); }

  Done substitute(const Addresses& chosen, bool outside_pools) override {
    outside_pools_ = outside_pools_ || outside_pools;
    for (Kind kind : kAllKinds) {
      if (!has(chosen, kind)) continue;
      copy_kind(kind, chosen, chosen_.addresses);
      chosen_.reasons[index_of(kind)] = Reason::module;
    }
    pipeline_.redraft(draft_, [this](Allocator& allocator, const Moment& now) {
      return allocator.assign(exact_request(), name_, exact({}), now);
    });
    if (!draft_.grant()) return std::unexpected(draft_.grant().error());
    return {};
  }

  Result<Grant> commit(std::span<const Provider> providers) override {
    if (!draft_.grant() || is_known()) return draft_.grant();
    Result<Grant> grant = pipeline_.commit(draft_, [&](Allocator& allocator, const Moment& now) {
      return allocator.assign(exact_request(), name_, exact(providers), now);
    });
    if (!grant) return grant;
    grant->reasons = chosen_.reasons;
    tell_of_addresses_outside(providers);
    return grant;
  }

 private:
  void tell_of_addresses_outside(std::span<const Provider> providers) {
    for (const Provider& each : providers) {
      OutsideEvent event{
          .module = each.module, .user = request_.user, .server = request_.server, .addresses = {}};
      const WallTime at = pipeline_.look([&](Allocator& allocator, const Moment& now) {
        event.addresses = allocator.outside_pools(only(each.kind, chosen_.addresses));
        return now.wall;
      });
      if (!event.addresses.empty()) pipeline_.notice({.at = at, .what = std::move(event)});
    }
  }
  // Asks for what was chosen, and for nothing else.
  [[nodiscard]] Request exact_request() const {
    Request request = request_;
    request.ipv4 = has(chosen_.addresses, Kind::ipv4) ? Want::required : Want::no;
    request.ipv6 = has(chosen_.addresses, Kind::ipv6) ? Want::required : Want::no;
    request.delegated = has(chosen_.addresses, Kind::delegated) ? Want::required : Want::no;
    return request;
  }
  [[nodiscard]] Exact exact(std::span<const Provider> providers) const {
    return {.addresses = chosen_.addresses,
            .by = Exact::By::module,
            .outside_pools = outside_pools_,
            .providers = {providers.begin(), providers.end()}};
  }

  Pipeline& pipeline_;
  const Request request_;
  const OwnerName name_;
  Grant chosen_;
  bool outside_pools_ = false;
  Pipeline::Draft draft_;
};

}  // namespace

Result<std::unique_ptr<Draft>> LocalBook::propose(const Request& request) {
  Result<OwnerName> name = check(request);
  if (!name) return std::unexpected(name.error());
  auto draft = std::make_unique<LocalDraft>(pipeline_, request, *std::move(name));
  const Result<Grant>& grant = draft->grant();
  if (!grant && grant.error().code != Code::pool_exhausted && grant.error().code != Code::no_pool) {
    return std::unexpected(grant.error());
  }
  return draft;
}

Result<std::vector<OwedRelease>> LocalBook::hang_up(const LeaseRef& which, Cause cause) {
  const Result<std::string> owner = check(which);
  if (!owner) return std::unexpected(owner.error());
  std::vector<OwedRelease> owed;
  const Result<Grant> answer = pipeline_.run([&](Allocator& allocator, const Moment& now) {
    return allocator.hang_up(which, *owner, cause, now, owed);
  });
  if (!answer) return std::unexpected(answer.error());
  return owed;
}

Result<std::vector<OwedRelease>> LocalBook::take_owed(std::size_t most) {
  std::vector<OwedRelease> owed;
  const Result<Grant> answer = pipeline_.run([&](Allocator& allocator, const Moment& /*now*/) {
    return Result<Proposal>(allocator.take_owed(most, owed));
  });
  if (!answer) return std::unexpected(answer.error());
  return owed;
}

}  // namespace berth
