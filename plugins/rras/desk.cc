// desk.cc - the story of a Get and of a Release; opening.cc has that of the book behind them.
#include "rras/desk.h"

#include <algorithm>

#include "rras/opened.h"

namespace berth::rras {
namespace {

// What a caller waits for, and what became of it. Both sides keep it: the answer may come when the
// caller has gone.
struct Waiting {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Result<Grant>> answer;
  bool given_up = false;

  // Nothing: it did not come by then.
  std::optional<Result<Grant>> wait_until(std::chrono::steady_clock::time_point when) {
    std::unique_lock lock(mutex);
    changed.wait_until(lock, when, [this] { return answer.has_value(); });
    given_up = !answer;
    return answer;
  }
  void tell(Result<Grant> what) {
    answer = std::move(what);
    changed.notify_all();
  }
};

Request request_of(const std::string& server, const Holder& holder, const Address& candidate) {
  const bool ipv4 = candidate.kind == Kind::ipv4;
  return {.user = holder.user,
          .server = server,
          .port = holder.port,
          .ipv4 = ipv4 ? Want::required : Want::no,
          .ipv6 = ipv4 ? Want::no : Want::required,
          .delegated = Want::no};
}

constexpr Kind other_of(Kind kind) { return kind == Kind::ipv4 ? Kind::ipv6 : Kind::ipv4; }

}  // namespace

std::expected<Address, Win32> Desk::get(const Holder& holder, const Address& candidate) try {
  const auto began = std::chrono::steady_clock::now();
  const Result<std::shared_ptr<Opened>> opened = this->opened(began);
  if (!opened) {
    return std::unexpected(refused(holder, opened.error(), win32_of(opened.error().code)));
  }
  Opened& here = **opened;
  absorb(here);

  const Kind kind = candidate.kind;
  Request request = request_of(here.server, holder, candidate);
  here.propose(candidate, request);
  const Result<Lease> before =
      here.book->find({.server = here.server, .port = holder.port, .user = holder.user});
  // It has one of this family already, so this is a new connection. The other family may be of the
  // new one, too, asked for first (R112): it comes along, or it would be given away.
  const std::optional<Address> carried = before && address_of(before->addresses, kind)
                                             ? address_of(before->addresses, other_of(kind))
                                             : std::nullopt;
  if (carried) (kind == Kind::ipv4 ? request.ipv6 : request.ipv4) = Want::optional;

  auto waiting = std::make_shared<Waiting>();
  const Generation earlier = before ? before->generation : Generation{};
  here.book->assign_async(request, [this, &here, waiting, holder, kind, carried, earlier,
                                    own = own_now()](Result<Grant> grant) {
    const std::lock_guard lock(waiting->mutex);
    if (!grant) return waiting->tell(std::move(grant));
    if (carried && address_of(grant->addresses, carried->kind) == carried) {
      here.given.move(*carried, earlier, grant->id, grant->generation);
    }
    const std::optional<Address> address = address_of(grant->addresses, kind);
    const bool usable = address && address->bits != 0 && !is_own(own, *address);
    if (!usable || waiting->given_up) {
      give_back(here, reference(grant->id, grant->generation, kind));
    } else {
      here.given.add(*address,
                     {holder, grant->id, grant->generation, system_clock().wall(), std::nullopt});
    }
    if (usable) return waiting->tell(std::move(grant));
    waiting->tell(address ? not_usable(*address) : no_identifier());
  });

  std::optional<Result<Grant>> answer = waiting->wait_until(began + deadline_.load());
  if (!answer) {
    const Error late{Code::deadline,
                     "the store did not answer within " + format_duration(deadline_.load()),
                     "see how busy its disk is, or allow more with deadline in [rras]"};
    return std::unexpected(refused(holder, late, Win32::timeout));
  }
  if (!*answer) {
    const Error& error = answer->error();
    const bool up = error.code == Code::second_login && here.takes_over(request);
    return std::unexpected(
        refused(holder, error, up ? Win32::already_associated : win32_of(error.code)));
  }
  const Grant& grant = **answer;
  const Address address = *address_of(grant.addresses, kind);
  if (log_.tells(LogLevel::debug)) {
    log_.write(LogLevel::debug,
               holder.user + " on " + holder.port + " gets " + address.to_string() + " (" +
                   std::string(reason_name(grant.reasons.at(static_cast<std::size_t>(kind)))) +
                   "), lease " + lease_id_text(grant.id) + " generation " +
                   std::to_string(grant.generation.value));
  }
  return address;
} catch (const std::exception& error) {
  log_.write(LogLevel::error, std::string("a callout failed: ") + error.what());
  return std::unexpected(Win32::function_failed);
}

void Desk::release(const Holder& holder, const Address& address) try {
  const auto began = std::chrono::steady_clock::now();
  const WallTime now = system_clock().wall();
  const Result<std::shared_ptr<Opened>> opened = this->opened(began);
  if (!opened) {
    const std::lock_guard lock(mutex_);
    if (owed_.size() < kMostOwed) owed_.push_back({holder, address, now});
    return;
  }
  Opened& here = **opened;
  absorb(here);
  const std::optional<Holding> holding = here.given.take(address, holder, now);
  if (!holding) {
    if (log_.tells(LogLevel::debug)) {
      log_.write(LogLevel::debug, holder.user + " on " + holder.port + " gives " +
                                      address.to_string() + " back, which it does not have");
    }
    return;
  }
  auto waiting = std::make_shared<Waiting>();
  const LeaseRef which = reference(holding->id, holding->generation, address.kind);
  here.book->release_async(which, Cause::released, [&here, waiting, which](const Done& done) {
    here.note_release(which, done);
    const std::lock_guard lock(waiting->mutex);
    waiting->tell(Grant{});
  });
  // It is done in any case; who comes next should find it done.
  waiting->wait_until(began + deadline_.load());
  if (log_.tells(LogLevel::debug)) {
    log_.write(LogLevel::debug,
               holder.user + " on " + holder.port + " gives " + address.to_string() + " back");
  }
} catch (const std::exception& error) {
  log_.write(LogLevel::error, std::string("a callout failed: ") + error.what());
}

// Without waiting: from callbacks, and for ends that nobody asked us for.
void Desk::give_back(Opened& here, const LeaseRef& which) {
  here.book->release_async(which, Cause::released,
                           [&here, which](const Done& done) { here.note_release(which, done); });
}

// What has ended since the last call, and what the store did not take then.
void Desk::absorb(Opened& here) {
  for (const LeaseRef& which : here.take_owed()) give_back(here, which);
  for (const LeaseRef& which : here.take_ended()) give_back(here, which);
}

Win32 Desk::refused(const Holder& holder, const Error& error, Win32 code) {
  if (log_.tells(LogLevel::warning)) {
    log_.write(LogLevel::warning, holder.user + " on " + holder.port + " gets no address (" +
                                      std::string(code_name(error.code)) + ", error " +
                                      std::to_string(static_cast<std::uint32_t>(code)) +
                                      "): " + sentence_of(error));
  }
  return code;
}

}  // namespace berth::rras
