// desk.h - the address side: RAS asks here for an address, and gives it back.
//
// The process that gets address callouts owns the book (R121). Nothing is opened and no thread is
// started before the first of them (R18, R122); then the book is opened by a thread of its own, so
// that the deadline holds, and a store that is locked or a disk that is full refuses users until it
// is not: each call tries again. Any thread may call anything here; nothing is thrown (R8).
//
// A lease is asked for by the key of server, port and user, since RAS has no number for a
// connection here. The second family of a connection grows its lease; the same family once more is
// a new connection, with the same addresses and a new generation, whose release the old one's does
// not touch (given.h).
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "berth/book.h"
#include "berth/settings.h"
#include "rras/codes.h"
#include "rras/given.h"
#include "rras/log.h"
#include "rras/system.h"

namespace berth::rras {

// What a desk asks of the world; tests answer themselves.
struct Surroundings {
  std::function<Result<Settings>()> settings;
  std::function<std::string()> server_name;  // where the settings name none
  std::function<std::string()> boot_epoch;
  std::function<OwnAddresses()> own_addresses;
  std::function<std::shared_ptr<void>()> stay_loaded;
};
[[nodiscard]] Surroundings system_surroundings();

class Desk {
 public:
  Desk(Surroundings surroundings, Log& log);
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // The service starts. Nothing is opened; where the book is open already, which is so if the
  // service stopped without a word, the next call asks whether this was a boot.
  void service_starts() { asks_epoch_ = true; }

  // An address for this user, of the family of `candidate`, whose bits are what RAS would give, or
  // 0. Durable when it is answered, and not this server's own (R28). Else why not, within the
  // deadline; what is granted after it is given back.
  [[nodiscard]] std::expected<Address, Win32> get(const Holder& holder, const Address& candidate);

  // The user has gone. What RAS never got, or has given back before, changes nothing. Where the
  // book is not to be had it is done later.
  void release(const Holder& holder, const Address& address);

  // The service stops: what is under way is finished, and no thread is left. A later call of the
  // two above begins anew.
  void close();

 private:
  struct Opened;
  struct Owed {
    Holder holder;
    Address address;
    WallTime at;
  };
  using Moment = std::chrono::steady_clock::time_point;

  [[nodiscard]] Result<std::shared_ptr<Opened>> opened(Moment began);
  void start_work();
  void work();
  [[nodiscard]] Done make_ready(std::shared_ptr<Opened>& here, const OwnAddresses& own);
  [[nodiscard]] Result<std::shared_ptr<Opened>> open();
  void reserve_own(Opened& here, const OwnAddresses& own);
  [[nodiscard]] Done boot(Opened& here);
  void absorb(Opened& here);
  void give_back(Opened& here, const LeaseRef& which);
  [[nodiscard]] OwnAddresses own_now();
  [[nodiscard]] Win32 refused(const Holder& holder, const Error& error, Win32 code);

  Surroundings surroundings_;
  Log& log_;
  std::atomic<Milliseconds> deadline_{RrasSettings{}.deadline};

  std::atomic<bool> asks_epoch_ = false;

  std::mutex mutex_;  // of everything below
  std::condition_variable changed_;
  std::shared_ptr<Opened> opened_;  // nullptr: not yet, or not any more
  Error failed_;                    // why the last try to open failed
  bool working_ = false;            // the thread is at it
  std::thread worker_;
  std::shared_ptr<void> loaded_;
  std::vector<Owed> owed_;  // released while there was no book
  OwnAddresses own_;
  Moment own_seen_;
};

}  // namespace berth::rras
