// local_book.h - the Book of this process: names become owners, calls become proposals.
#pragma once

#include <memory>

#include "berth/book.h"
#include "book/pipeline.h"
#include "core/owner_name.h"

namespace berth {

class LocalBook final : public Book {
 public:
  LocalBook(OwnerNamer namer, std::unique_ptr<Allocator> allocator, std::unique_ptr<Store> store,
            const Plan& plan, Running running, WallTime newest)
      : namer_(std::move(namer)),
        pipeline_(std::move(allocator), std::move(store), plan, std::move(running), newest) {}

  // Book::open on whatever store `open_store` makes. It is called again where the owner rules
  // changed: the store is then read under the new names.
  [[nodiscard]] static Result<std::unique_ptr<LocalBook>> open(
      const Plan& plan, const std::function<Result<std::unique_ptr<Store>>()>& open_store,
      Running running);

  // Everything that a restart must bring back, as text: Allocator::fingerprint(). For tests.
  [[nodiscard]] std::string fingerprint() const;

  Result<Grant> assign(const Request& request) override;
  void assign_async(Request request, Granted granted) override;
  Result<std::unique_ptr<Draft>> propose(const Request& request) override;
  Result<std::vector<OwedRelease>> hang_up(const LeaseRef& which, Cause cause) override;
  Result<std::vector<OwedRelease>> take_owed(std::size_t most) override;
  Done confirm(const LeaseRef& which) override;
  void confirm_async(LeaseRef which, Finished finished) override;
  Done renew(const LeaseRef& which) override;
  void renew_async(LeaseRef which, Finished finished) override;
  Done release(const LeaseRef& which, Cause cause) override;
  void release_async(LeaseRef which, Cause cause, Finished finished) override;
  Result<Booted> server_booted(std::string_view server, std::string_view epoch) override;
  Result<Listed> server_listed(std::string_view server, std::span<const Session> sessions) override;
  Done reserve(std::string_view user, const Addresses& addresses) override;
  Done unreserve(std::string_view user, const Addresses& addresses) override;
  std::vector<Reservation> reservations() const override;
  Result<Lease> find(const LeaseRef& which) const override;
  Result<std::vector<Lease>> leases(std::string_view user, std::string_view server,
                                    std::size_t limit) const override;
  Result<std::vector<Interval>> who_had(const AnyRange& where, WallTime at,
                                        Milliseconds window) const override;
  Result<std::vector<Interval>> history(std::string_view user, const Span& span) const override;
  Result<Explanation> explain(const Request& request) const override;
  std::vector<PoolUse> pools() const override;
  Done erase_owner(std::string_view user) override;
  Result<std::uint64_t> forget_history(WallTime before) override;
  Done backup(const std::string& path) const override;
  void tick() override;

 private:
  // The canonical form of a name that may be left out.
  Result<std::string> owner_of(std::string_view user) const;
  Result<OwnerName> check(const Request& request) const;
  // The owner, empty where no user is named.
  Result<std::string> check(const LeaseRef& which) const;
  static Done check(std::string_view server, std::string_view port, std::string_view session);
  // reconcile.cc
  struct Listing;
  Result<std::vector<OwnerName>> check(std::string_view server,
                                       std::span<const Session> sessions) const;
  void list_all(Listing& listing);
  void note_ghosts(const Listing& listing, Serial before, Listed& listed) const;
  // Does `change` to the lease that `which` names; at once, or with a callback.
  template <class Change>
  Done change_lease(const LeaseRef& which, Change change);
  template <class Change>
  void change_lease_async(LeaseRef which, Change change, Finished finished);

  OwnerNamer namer_;
  mutable Pipeline pipeline_;  // looking takes its lock
};

}  // namespace berth
