// opening.cc - from settings to a book that can be asked, by a thread of its own.
#include <algorithm>
#include <limits>

#include "rras/opened.h"
#include "rras/plan.h"

namespace berth::rras {
namespace {

// How long the addresses of interfaces are taken to be what they were.
constexpr std::chrono::seconds kOwnStay{1};

// The owners of our own addresses, one for each, since an owner has one reservation of a kind.
constexpr std::string_view kOwnOwner = "rras-own:";

constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

}  // namespace

Surroundings system_surroundings() {
  return {.settings = [] { return read_settings(settings_path()); },
          .server_name = computer_name,
          .boot_epoch = boot_epoch,
          .own_addresses = own_addresses,
          .stay_loaded = stay_loaded};
}

Desk::Desk(Surroundings surroundings, Log& log)
    : surroundings_(std::move(surroundings)), log_(log) {}

Desk::~Desk() { close(); }

// The deadline is the one that the settings have by now: they are the first that the thread reads.
Result<std::shared_ptr<Desk::Opened>> Desk::opened(Moment began) {
  const OwnAddresses own = own_now();
  std::unique_lock lock(mutex_);
  if (!working_ && (!opened_ || opened_->own != own || asks_epoch_)) start_work();
  while (working_) {
    const Moment until = began + deadline_.load();
    if (changed_.wait_until(lock, until) != std::cv_status::timeout) continue;
    if (working_ && std::chrono::steady_clock::now() >= began + deadline_.load()) {
      return fail(Code::deadline,
                  "the store was not open within " + format_duration(deadline_.load()),
                  "nothing: it is being opened; the next call may find it open");
    }
  }
  if (!opened_) return std::unexpected(failed_);
  return opened_;
}

OwnAddresses Desk::own_now() {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  if (own_seen_ == Moment() || now - own_seen_ > kOwnStay) {
    own_ = surroundings_.own_addresses();
    own_seen_ = now;
  }
  return own_;
}

void Desk::start_work() {
  if (worker_.joinable()) worker_.join();  // it has said that it is done
  if (!loaded_) loaded_ = surroundings_.stay_loaded();
  worker_ = std::thread([this] { work(); });
  working_ = true;
}

void Desk::work() {
  std::unique_lock lock(mutex_);
  std::shared_ptr<Opened> here = opened_;
  const OwnAddresses own = own_;
  lock.unlock();
  Error failed;
  try {
    if (Done ready = make_ready(here, own); !ready) failed = ready.error();
  } catch (const std::exception& error) {
    failed = {
        Code::store_unavailable, std::string("the store cannot be opened: ") + error.what(), {}};
  }
  if (!failed.what.empty()) here.reset();
  if (!here) log_.write(LogLevel::error, "the store is not open: " + sentence_of(failed));
  lock.lock();
  if (here) here->own = own;
  opened_ = std::move(here);
  failed_ = std::move(failed);
  working_ = false;
  changed_.notify_all();
}

Done Desk::make_ready(std::shared_ptr<Opened>& here, const OwnAddresses& own) {
  if (!here) {
    Result<std::shared_ptr<Opened>> fresh = open();
    if (!fresh) return std::unexpected(fresh.error());
    here = *std::move(fresh);
    asks_epoch_ = true;
  }
  if (asks_epoch_.exchange(false)) {
    if (Done booted = boot(*here); !booted) return booted;
  }
  reserve_own(*here, own);
  return {};
}

Result<std::shared_ptr<Desk::Opened>> Desk::open() {
  const Result<Settings> settings = surroundings_.settings();
  if (!settings) return std::unexpected(settings.error());
  log_.tell_up_to(settings->rras.log);
  deadline_ = settings->rras.deadline;
  changed_.notify_all();

  std::string server = settings->rras.server;
  if (server.empty()) server = surroundings_.server_name();
  Result<Policy> as_written = Policy::compile(settings->plan);
  if (!as_written) return std::unexpected(as_written.error());
  const Result<Plan> plan = plan_for_rras(settings->plan, server);
  if (!plan) return std::unexpected(plan.error());

  auto here = std::make_shared<Opened>(*settings, *std::move(as_written), std::move(server));
  make_folder_of(settings->store);
  StoreOptions options{.path = settings->store};
  options.on_event = [&log = log_](const Event& event) {
    log.write(LogLevel::warning, event_text(event));
  };
  Result<std::unique_ptr<Book>> book = Book::open(*plan, options);
  if (!book) return std::unexpected(book.error());
  here->book = *std::move(book);
  if (Done booted = boot(*here); !booted) return std::unexpected(booted.error());
  log_.write(LogLevel::information,
             "gives addresses as " + here->server + " from the store " + settings->store);
  return here;
}

// What ended before, by whoever heard of it, ends first, with its own time; then all from before
// the service's start.
Done Desk::boot(Opened& here) {
  const auto live = [&here] { return here.book->leases({}, here.server, kAll); };
  Result<std::vector<Lease>> leases = live();
  if (!leases) return std::unexpected(leases.error());
  here.given.begin_with(*leases);
  std::vector<LeaseRef> over = here.take_ended();
  std::unique_lock lock(mutex_);
  const std::vector<Owed> owed = std::exchange(owed_, {});
  lock.unlock();
  for (const Owed& each : owed) {
    const auto holding = here.given.take(each.address, each.holder, each.at);
    if (!holding) continue;
    over.push_back(reference(holding->id, holding->generation, each.address.kind));
    over.back().ended = each.at;
  }
  for (const LeaseRef& which : over) here.note_release(which, here.book->release(which));
  const Result<Booted> booted = here.book->server_booted(here.server, surroundings_.boot_epoch());
  if (!booted) return std::unexpected(booted.error());
  if (booted->known) return {};
  log_.write(LogLevel::information, "the service has started: " + std::to_string(booted->ended) +
                                        " leases from before are over");
  leases = live();
  if (!leases) return std::unexpected(leases.error());
  here.given.begin_with(*leases);
  return {};
}

// Keeps our own addresses out of everybody's reach. Those outside every pool need no keeping.
void Desk::reserve_own(Opened& here, const OwnAddresses& own) {
  if (here.own == own) return;
  std::vector<Addresses> kept;
  for (const Ipv4 each : own.ipv4) kept.push_back({.ipv4 = each});
  for (const Ipv6Prefix& prefix : here.prefixes) {
    for (const InterfaceId each : own.identifiers) {
      kept.push_back({.ipv6 = Ipv6Prefix::host(Ipv6(prefix.address().high(), each))});
    }
  }
  for (const Reservation& each : here.book->reservations()) {
    if (!each.user.starts_with(kOwnOwner) || std::ranges::count(kept, each.addresses) != 0)
      continue;
    static_cast<void>(here.book->unreserve(each.user, {}));
  }
  for (const Addresses& each : kept) {
    static_cast<void>(here.book->reserve(std::string(kOwnOwner) + each.to_string(), each));
  }
}

void Desk::close() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !working_; });
  if (worker_.joinable()) worker_.join();
  std::shared_ptr<Opened> here = std::move(opened_);
  const std::shared_ptr<void> loaded = std::move(loaded_);
  lock.unlock();
  here.reset();  // finishes what is under way
}

}  // namespace berth::rras
