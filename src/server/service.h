// service.h - /v1 and what stands beside it: which route a request means, and what it does.
//
//   Front ──▶ Service::answer ──▶ a route of the table ──▶ Book ──▶ Respond
//
// Requests that change leases are handed to the Book and answered from its callback, so that any
// number of them share one sync. What waits, such as a search of the history, is done by a few
// threads of its own; where too many wait for those, a request is refused as busy.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include <boost/asio/thread_pool.hpp>

#include "berth/book.h"
#include "server/exchange.h"

namespace berth::server {

class Service {
 public:
  // Work that waits, at once and in all.
  static constexpr std::size_t kPatientThreads = 4;
  static constexpr std::size_t kMostPatient = 1024;

  // The Book must outlive it. Destroying it finishes what is under way.
  Service(Book& book, std::string version) : book_(book), version_(std::move(version)) {}
  ~Service() { patient_.join(); }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Any thread. Never throws.
  void answer(Asked asked, Respond respond);

  [[nodiscard]] Book& book() { return book_; }
  [[nodiscard]] const std::string& version() const { return version_; }
  // Has the reply made by a thread that may wait.
  void reply_patiently(Respond respond, std::move_only_function<Reply()> make);

 private:
  Book& book_;
  const std::string version_;
  std::atomic<std::size_t> waiting_ = 0;
  boost::asio::thread_pool patient_{kPatientThreads};
};

}  // namespace berth::server
