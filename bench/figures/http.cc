// http.cc - what berthd answers a second, beside Boost.Beast that answers a constant.
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include <fmt/format.h>

#include "berth/book.h"
#include "figures/bare_http.h"
#include "figures/groups.h"
#include "figures/http_load.h"
#include "figures/lag.h"
#include "figures/machine.h"
#include "figures/median.h"
#include "figures/wide_plan.h"
#include "server/front.h"
#include "server/service.h"
#include "wire/words.h"

namespace berth::figures {
namespace {

constexpr std::size_t kClients = 64;
constexpr int kRounds = 5;

std::string request(std::string_view line, const std::string& body) {
  return fmt::format("{} HTTP/1.1\r\nHost: berth\r\nContent-Length: {}\r\n\r\n{}", line,
                     body.size(), body);
}

// Users who connect, each as a new session; a million owners go round.
class Arrivals {
 public:
  const std::string& next() {
    request_ = request("POST /v1/connections",
                       fmt::format(R"({{"user":"user-{:011}","server":"vpn-{}","port":"p{:07}",)"
                                   R"("session":"sess-{:011}","ipv6":"no","delegated":"no"}})",
                                   next_ % 1'000'000, next_ % 8, next_ % 10'000'000, next_));
    ++next_;
    return request_;
  }

 private:
  std::string request_;
  std::uint64_t next_ = 0;
};

// berthd's own parts, in this process.
struct Served {
  explicit Served(const std::string& folder) {
    auto opened = Book::open(wide_plan(), {.path = folder + "/http.db"});
    BERTH_ASSERT(opened);
    book = *std::move(opened);
    service = std::make_unique<server::Service>(*book, "bench");
    auto listening = server::Front::open({.socket = folder + "/http.sock"},
                                         [this](server::Asked asked, server::Respond respond) {
                                           service->answer(std::move(asked), std::move(respond));
                                         });
    BERTH_ASSERT(listening);
    front = *std::move(listening);
  }
  std::unique_ptr<Book> book;
  std::unique_ptr<server::Service> service;
  std::unique_ptr<server::Front> front;
};

// Leases, until there are so many. The id of the last.
std::string fill(Book& book, std::size_t count) {
  std::string id;
  std::atomic<std::size_t> waiting = 0;
  for (std::size_t i = 0; i < count; ++i) {
    while (waiting > 1000) std::this_thread::yield();
    ++waiting;
    book.assign_async({.user = fmt::format("lasting-{}", i),
                       .server = "vpn-9",
                       .session = fmt::format("{}", i),
                       .ipv4 = Want::required,
                       .ipv6 = Want::no,
                       .delegated = Want::no},
                      [&, last = i + 1 == count](const Result<Grant>& grant) {
                        BERTH_ASSERT(grant);
                        if (last) id = lease_id_text(grant->id);
                        --waiting;
                      });
  }
  while (waiting > 0) std::this_thread::yield();
  return id;
}

}  // namespace

void http(const Options& options, Report& report) {
  const double seconds = options.quick ? 2 : 8;
  remove_files(options.folder, "http");
  Served served(options.folder);
  const std::string bare_socket = options.folder + "/bare.sock";

  Arrivals arrivals;
  std::vector<double> shares;
  double rate = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::string sample(300, 'x');  // as long as a grant
    const auto bare = BareHttp::open(bare_socket, sample);
    const auto constant = request("POST /v1/connections", std::string(110, ' '));
    const LoadResult of_bare = ask_for({.socket = bare_socket,
                                        .connections = kClients,
                                        .seconds = seconds / 2,
                                        .next = [&]() -> const std::string& { return constant; }});
    const LoadResult durable =
        ask_for({.socket = options.folder + "/http.sock",
                 .connections = kClients,
                 .seconds = seconds / 2,
                 .next = [&]() -> const std::string& { return arrivals.next(); }});
    BERTH_ASSERT(durable.refused == 0);
    report.note(
        fmt::format("{} clients: {:.0f} durable connections a second, median {:.2f} ms, p99 "
                    "{:.2f} ms; a bare server {:.0f}",
                    kClients, durable.rate, durable.median * 1e3, durable.p99 * 1e3, of_bare.rate));
    shares.push_back(100 * durable.rate / of_bare.rate);
    rate = durable.rate;
  }
  report.tell({.name = "http_of_bare",
               .value = median(shares),
               .unit = "percent",
               .goal = Figure::Goal::at_least,
               .limit = 25});

  const auto let_tables_catch_up = [&] {
    Lag lag(options.folder + "/http.db");
    while (lag.sample().changes > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  };
  let_tables_catch_up();
  const LoadResult half =
      ask_for({.socket = options.folder + "/http.sock",
               .connections = kClients,
               .seconds = seconds,
               .rate = rate / 2,
               .next = [&]() -> const std::string& { return arrivals.next(); }});
  report.note(fmt::format("at {:.0f} a second: median {:.2f} ms, p99 {:.2f} ms", half.rate,
                          half.median * 1e3, half.p99 * 1e3));
  report.tell({.name = "http_p99_at_half",
               .value = half.p99 * 1e3,
               .unit = "ms",
               .goal = Figure::Goal::at_most,
               .limit = 5});

  const std::string id = fill(*served.book, options.quick ? 100'000 : 1'000'000);
  let_tables_catch_up();
  const auto look = request("GET /v1/leases/" + id, "");
  std::vector<double> looks;
  for (int round = 0; round < kRounds; ++round) {
    const auto bare = BareHttp::open(bare_socket, std::string(300, 'x'));
    const LoadOptions of_bare{.socket = bare_socket,
                              .connections = kClients,
                              .seconds = seconds / 4,
                              .next = [&]() -> const std::string& { return look; }};
    LoadOptions of_lease = of_bare;
    of_lease.socket = options.folder + "/http.sock";
    const double limit = ask_for(of_bare).rate;
    const LoadResult found = ask_for(of_lease);
    BERTH_ASSERT(found.refused == 0);
    report.note(
        fmt::format("GET of one lease: {:.0f} a second; a bare server {:.0f}", found.rate, limit));
    looks.push_back(100 * found.rate / limit);
  }
  report.tell({.name = "http_get_of_bare",
               .value = median(looks),
               .unit = "percent",
               .goal = Figure::Goal::at_least,
               .limit = 70});
  served.front.reset();
  served.service.reset();
  served.book.reset();
  remove_files(options.folder, "http");
  std::filesystem::remove(bare_socket);
}

}  // namespace berth::figures
