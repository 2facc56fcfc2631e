// book_source.h - the RAS side's addresses come from a Book, and so do the rights of all others.
//
//   propose()   ──▶ a draft of the Book: held, not durable    the candidate of a Get (R22)
//   take()      ──▶ the module's address in its place         R29, and whatever else Berth knows
//   commit()    ──▶ the lease, and which modules are owed a Release
//   give_back() ──▶ that kind of the lease ends
//
// Any thread may call, for one connection one at a time. The Book must outlive it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "berth/book.h"
#include "ras/chain.h"
#include "ras/source.h"

namespace berth::ras {

// What is told in a sentence, since nobody waits for it: a lease that could not be ended, a module
// that is not there to hear of a release. Any thread.
using OnTrouble = std::function<void(const std::string&)>;

struct BookSourceOptions {
  std::string server;             // the name of this access server
  std::vector<Ipv4> own;          // its own addresses (R28)
  std::uint64_t ipv6_prefix = 0;  // upper half of what a module gives where RAS proposed nothing
  bool foreign = true;            // a module may give what is in no pool
  OnTrouble on_trouble = [](const std::string&) {};
};

class BookSource final : public AddressSource {
 public:
  BookSource(Book& book, BookSourceOptions options) : book_(book), options_(std::move(options)) {}

  std::optional<CalloutAddress> propose(Family family, const Client& client) override;
  Taken take(Family family, const CalloutAddress& address, const Client& client,
             const std::string& module) override;
  std::expected<void, std::string> commit(const Client& client,
                                          std::span<const Answered> answered) override;
  void give_back(Family family, const CalloutAddress& address, const Client& client) override;
  void end(const Client& client) override;

 private:
  // A connection, from its first propose() to its end().
  struct Held {
    std::unique_ptr<Draft> draft;  // until commit()
    Addresses proposed;
    LeaseRef lease;   // after commit()
    std::string why;  // nothing was to be had
  };
  using HeldPtr = std::shared_ptr<Held>;

  [[nodiscard]] HeldPtr held(const Client& client);
  void begin(Held& held, const Client& client);
  [[nodiscard]] Addresses addresses_of(Family family, const CalloutAddress& address,
                                       const Held& held) const;

  Book& book_;
  const BookSourceOptions options_;
  std::mutex mutex_;
  std::map<Handle, HeldPtr> held_;  // guarded by mutex_
};

// Makes the Releases that modules wait for though nobody hung up (Book::take_owed): what a RAS side
// does when it starts, and now and then. Those of modules that are not in the chain are told as
// trouble, and count as made. Returns how many were made. store_*.
[[nodiscard]] Result<std::size_t> make_owed_releases(Book& book, Chain& chain,
                                                     const OnTrouble& on_trouble);

}  // namespace berth::ras
