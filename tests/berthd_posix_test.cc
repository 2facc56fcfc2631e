// berthd_posix_test.cc - the real daemon, asked over its socket as access servers ask.
#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <grp.h>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/requests.h"

namespace berth {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace json = boost::json;
using testing::HasSubstr;
using namespace std::chrono_literals;

struct Answer {
  unsigned status = 0;  // 0: the connection broke
  std::string body;
  [[nodiscard]] json::value json() const { return json::parse(body); }
  [[nodiscard]] std::string code() const { return std::string(json().at("code").as_string()); }
};

// One caller's connection.
class Caller {
 public:
  explicit Caller(const std::string& socket) { stream_.connect(socket); }

  Answer ask(http::verb verb, const std::string& target, const std::string& body = {}) {
    http::request<http::string_body> request(verb, target, 11);
    request.set(http::field::host, "berth");
    request.body() = body;
    request.prepare_payload();
    boost::system::error_code failed;
    http::write(stream_, request, failed);
    return failed ? Answer{} : receive();
  }
  Answer get(const std::string& target) { return ask(http::verb::get, target); }
  Answer post(const std::string& target, const std::string& body) {
    return ask(http::verb::post, target, body);
  }
  void send(const std::string& bytes) { asio::write(stream_, asio::buffer(bytes)); }
  Answer receive() {
    http::response<http::string_body> response;
    boost::system::error_code failed;
    http::read(stream_, buffer_, response, failed);
    return failed ? Answer{} : Answer{response.result_int(), response.body()};
  }

 private:
  asio::io_context context_;
  asio::local::stream_protocol::socket stream_{context_};
  boost::beast::flat_buffer buffer_;
};

// The daemon, in a process of its own.
class Daemon {
 public:
  explicit Daemon(std::filesystem::path folder) : folder_(std::move(folder)), process_(fork()) {
    if (process_ != 0) return;
    const std::string settings = (folder_ / "berth.toml").string();
    execl(BERTHD, BERTHD, "--settings", settings.c_str(), "--socket", socket().c_str(), nullptr);
    _exit(127);
  }
  ~Daemon() {
    if (process_ != 0) end(SIGKILL);
  }
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Its exit code, or the signal that ended it, below zero.
  int end(int signal) {
    kill(process_, signal);
    return wait();
  }
  int wait() {
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  [[nodiscard]] std::string socket() const { return (folder_ / "berth.sock").string(); }

  // Waits until it answers.
  [[nodiscard]] std::unique_ptr<Caller> caller() const {
    for (int tries = 0; tries < 2000; ++tries) {
      try {
        auto caller = std::make_unique<Caller>(socket());
        if (caller->get("/healthz").status == 200) return caller;
      } catch (const boost::system::system_error&) {  // it does not listen yet
      }
      std::this_thread::sleep_for(10ms);
    }
    ADD_FAILURE() << "berthd does not answer";
    std::abort();
  }

 private:
  std::filesystem::path folder_;
  pid_t process_ = 0;
};

class Berthd : public testing::Test {
 public:
  ~Berthd() override {
    daemon_.reset();
    std::filesystem::remove_all(folder_);
  }

 protected:
  Berthd() {
    std::string folder = (std::filesystem::temp_directory_path() / "berthd-XXXXXX").string();
    folder_ = mkdtemp(folder.data());
    settings(
        "[[pool]]\nname = \"dial-in\"\nipv4 = [\"10.8.0.1-10.8.31.255\"]\ncool_down = \"0s\"\n");
  }
  void settings(const std::string& text) {
    std::ofstream(folder_ / "berth.toml") << "store = \"leases.db\"\n" << text;
  }
  std::unique_ptr<Caller> start() {
    daemon_ = std::make_unique<Daemon>(folder_);
    return daemon_->caller();
  }

  std::filesystem::path folder_;
  std::unique_ptr<Daemon> daemon_;
};

std::string connect(const std::string& user, const std::string& session) {
  return R"({"user": ")" + user + R"(", "server": "vpn1", "session": ")" + session + R"("})";
}

TEST_F(Berthd, AConnectionLivesFromItsAddressToItsRelease) {
  const auto caller = start();
  const Answer granted = caller->post("/v1/connections", connect("ana", "17"));
  ASSERT_EQ(granted.status, 200U) << granted.body;
  EXPECT_EQ(granted.json().at("ipv4").as_string(), "10.8.0.1");
  EXPECT_EQ(caller->post("/v1/connections", connect("ana", "17")).body, [&] {
    json::value same = granted.json();
    same.at("reasons").as_object()["ipv4"] = "same_connection";
    return json::serialize(same);
  }()) << "the same request, the same answer";

  const json::value token = granted.json().at("class");
  const std::string by_class = json::serialize(json::object{{"class", token}});
  EXPECT_EQ(caller->post("/v1/connections/confirm", by_class).status, 204U);
  const Answer lease =
      caller->get("/v1/leases/" + std::string(granted.json().at("lease_id").as_string()));
  EXPECT_EQ(lease.json().at("state").as_string(), "active");
  EXPECT_EQ(caller->post("/v1/connections/renew", by_class).status, 204U);
  EXPECT_EQ(
      caller
          ->post("/v1/connections/release", R"({"server": "vpn1", "session": "17", "user": "ben"})")
          .code(),
      "foreign");
  EXPECT_EQ(caller->post("/v1/connections/release", by_class).status, 204U);
  const Answer again = caller->post("/v1/connections/release", by_class);
  EXPECT_EQ(again.status, 404U);
  EXPECT_EQ(again.code(), "not_found");
  EXPECT_EQ(caller->get("/v1/leases").body, R"({"leases":[],"more":false})");
}

TEST_F(Berthd, EveryMemberOfABatchHasItsOwnAnswer) {
  const auto caller = start();
  const Answer answer = caller->post(
      "/v1/connections/batch", R"({"connections": [)" + connect("ana", "1") + ", {\"usr\": 1}, " +
                                   connect("ben", "2") + ", " + connect("ana", "1") + "]}");
  ASSERT_EQ(answer.status, 200U) << answer.body;
  const json::value told = answer.json();
  const json::array& results = told.at("results").as_array();
  ASSERT_EQ(results.size(), 4U);
  EXPECT_EQ(results[1].at("status").as_int64(), 400);
  EXPECT_THAT(std::string(results[1].at("error").at("what").as_string()),
              HasSubstr("connections[1]"));
  EXPECT_EQ(results[0].at("grant").at("ipv4"), results[3].at("grant").at("ipv4"));
  EXPECT_NE(results[0].at("grant").at("ipv4"), results[2].at("grant").at("ipv4"));
}

TEST_F(Berthd, AServersBootEndsItsLeasesAndItsListKeepsThem) {
  const auto caller = start();
  caller->post("/v1/connections", connect("ana", "1"));
  const std::string listed =
      R"({"sessions": [{"user": "cid", "session": "9", "ipv4": "10.8.0.99"}]})";
  const json::value told = caller->post("/v1/servers/vpn1/sessions", listed).json();
  EXPECT_EQ(told.at("adopted").as_array().size(), 1U);
  const json::value booted = caller->post("/v1/servers/vpn1/boot", R"({"epoch": "a"})").json();
  EXPECT_EQ(booted.at("ended").as_int64(), 2);
  EXPECT_TRUE(
      caller->post("/v1/servers/vpn1/boot", R"({"epoch": "a"})").json().at("known").as_bool());
  EXPECT_EQ(caller->post("/v1/servers/vpn1/boot", "{}").status, 400U);
}

TEST_F(Berthd, ThePastAndTheReasonsAreTold) {
  const auto caller = start();
  caller->post("/v1/connections", connect("ana", "1"));
  caller->post("/v1/connections/release", R"({"server": "vpn1", "session": "1"})");
  const json::value of_owner = caller->get("/v1/history?user=ana").json();
  EXPECT_EQ(of_owner.at("intervals").as_array().size(), 1U);
  const json::value of_address = caller->get("/v1/history?address=10.8.0.1&window=1h").json();
  EXPECT_EQ(of_address.at("intervals").at(0).at("owner").as_string(), "ana");
  EXPECT_EQ(caller->get("/v1/history").status, 400U);
  EXPECT_EQ(caller->get("/v1/history?user=ana&at=2026-01-01T00:00:00Z").status, 400U);
  const json::value told = caller->get("/v1/explain?user=ana&server=vpn1").json();
  EXPECT_EQ(told.at("grant").at("reasons").at("ipv4").as_string(), "last_address");
  EXPECT_EQ(caller->get("/v1/pools").json().at("pools").at(0).at("size").as_int64(), 8191);
}

TEST_F(Berthd, AReservationIsKeptUntilItIsTakenBack) {
  const auto caller = start();
  const auto at = "/v1/reservations/DOMAIN%5Cana%2Fb";
  EXPECT_EQ(caller->ask(http::verb::put, at, R"({"ipv4": "10.8.0.9"})").status, 204U);
  const json::value all = caller->get("/v1/reservations").json();
  EXPECT_EQ(all.at("reservations").at(0).at("user").as_string(), "DOMAIN\\ana/b");
  EXPECT_EQ(caller->ask(http::verb::put, "/v1/reservations/ben", R"({"ipv4": "10.8.0.9"})").code(),
            "address_taken");
  EXPECT_EQ(caller->ask(http::verb::delete_, std::string(at) + "?ipv4=10.8.0.9").status, 204U);
  EXPECT_EQ(caller->ask(http::verb::delete_, at).code(), "not_found");
  EXPECT_EQ(caller->ask(http::verb::delete_, "/v1/reservations/%ff").code(), "invalid");
}

TEST_F(Berthd, ARefusalPointsToThePageThatExplainsIt) {
  const auto caller = start();
  const Answer refused = caller->post("/v1/connections", "{}");
  const std::string help(refused.json().at("help").as_string());
  EXPECT_EQ(help, "/help/errors#invalid");
  const Answer page = caller->get(help.substr(0, help.find('#')));
  EXPECT_EQ(page.status, 200U);
  EXPECT_THAT(page.body, HasSubstr("\n## invalid\n"));
}

TEST_F(Berthd, WhatIsNoRequestIsRefusedAndTheNextIsAnswered) {
  const auto caller = start();
  EXPECT_EQ(caller->post("/v1/connections", "{").code(), "invalid");
  EXPECT_EQ(caller->get("/v1/nothing").code(), "no_such_route");
  EXPECT_EQ(caller->ask(http::verb::put, "/v1/pools").code(), "not_allowed");
  EXPECT_EQ(caller->get("/v1/leases?limit=0").code(), "invalid");
  EXPECT_EQ(caller->get("/v1/leases?%ff=1").status, 400U);
  EXPECT_EQ(caller->get("/healthz").status, 200U);
  const auto large = daemon_->caller();
  EXPECT_EQ(large->post("/v1/connections", std::string(5 << 20, ' ')).code(), "too_large");
  const auto rubbish = daemon_->caller();
  rubbish->send("rubbish\r\n\r\n");
  EXPECT_EQ(rubbish->receive().status, 400U);
  EXPECT_EQ(rubbish->get("/healthz").status, 0U) << "the connection is over";
}

TEST_F(Berthd, RequestsThatAreSentAheadAreAnsweredInTheirOrder) {
  const auto caller = start();
  std::string ahead;
  for (int i = 0; i < 50; ++i) {
    const std::string body = connect("user" + std::to_string(i), std::to_string(i));
    ahead += "POST /v1/connections HTTP/1.1\r\nHost: x\r\nContent-Length: " +
             std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  caller->send(ahead);
  for (int i = 0; i < 50; ++i) {
    const Answer answer = caller->receive();
    ASSERT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.json().at("user").as_string(), "user" + std::to_string(i));
  }
}

// As somebody else.
bool is_kept_out(const std::string& socket) try {
  constexpr uid_t kNobody = 65534;
  if (setgroups(0, nullptr) != 0 || setresgid(kNobody, kNobody, kNobody) != 0 ||
      setresuid(kNobody, kNobody, kNobody) != 0) {
    return false;
  }
  Caller caller(socket);
  return caller.get("/healthz").status == 200 && caller.get("/v1/leases").status == 403 &&
         caller.post("/v1/connections", connect("ana", "1")).status == 403;
} catch (const std::exception&) {
  return false;
}

TEST_F(Berthd, AnotherUserMayAskHowItIsAndNoMore) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  start();
  using std::filesystem::perms;
  std::filesystem::permissions(folder_, perms::owner_all | perms::others_exec);
  std::filesystem::permissions(daemon_->socket(),
                               perms::owner_all | perms::others_read | perms::others_write);
  const pid_t child = fork();
  if (child == 0) {
    _exit(is_kept_out(daemon_->socket()) ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(Berthd, ASecondOneIsTurnedAwayAndTheFirstGoesOn) {
  const auto caller = start();
  Daemon second(folder_);
  EXPECT_EQ(second.wait(), 1);
  EXPECT_EQ(caller->get("/healthz").status, 200U);
}

TEST_F(Berthd, ThousandsOfSilentCallersKeepNobodyWaiting) {
  const auto caller = start();
  std::vector<std::unique_ptr<Caller>> silent;
  for (int i = 0; i < 500; ++i) silent.push_back(std::make_unique<Caller>(daemon_->socket()));
  EXPECT_EQ(caller->post("/v1/connections", connect("ana", "1")).status, 200U);
  for (const auto& each : silent) EXPECT_EQ(each->get("/healthz").status, 200U);
}

TEST_F(Berthd, ToldToStopItAnswersWhatItHasAndKeepsTheLeases) {
  auto caller = start();
  ASSERT_EQ(caller->post("/v1/connections", connect("ana", "1")).status, 200U);
  EXPECT_EQ(daemon_->end(SIGTERM), 0);
  EXPECT_FALSE(std::filesystem::exists(daemon_->socket()));
  caller = start();
  EXPECT_EQ(caller->get("/v1/leases").json().at("leases").at(0).at("ipv4").as_string(), "10.8.0.1");
}

// --- kill -9 under load ---

// What one client was told, and so must be so afterwards.
struct Told {
  std::map<std::string, std::string> held;  // user → address
  std::string unsure;                       // whose request was under way
};

// Connects and disconnects its own users until the daemon is gone.
Told ask_until_it_dies(const std::string& socket, std::size_t client) {
  Told told;
  Caller caller(socket);
  for (std::uint64_t i = 0;; ++i) {
    told.unsure = "user" + std::to_string(client) + "-" + std::to_string(i % 16);
    const auto held = told.held.find(told.unsure);
    const std::string session = told.unsure;
    if (held == told.held.end()) {
      const Answer answer = caller.post("/v1/connections", connect(told.unsure, session));
      if (answer.status == 0) return told;
      EXPECT_EQ(answer.status, 200U) << answer.body;
      told.held[told.unsure] = std::string(answer.json().at("ipv4").as_string());
    } else {
      const Answer answer = caller.post("/v1/connections/release",
                                        R"({"server": "vpn1", "session": ")" + session + "\"}");
      if (answer.status == 0) return told;
      EXPECT_EQ(answer.status, 204U) << answer.body;
      told.held.erase(held);
    }
  }
}

TEST_F(Berthd, KilledUnderLoadItHasLostNothingThatItAnswered) {
  constexpr std::size_t kClients = 64;
  for (int round = 0; round < 3; ++round) {
    start();
    std::vector<Told> told(kClients);
    std::vector<std::thread> clients;
    for (std::size_t i = 0; i < kClients; ++i) {
      clients.emplace_back([&, i] { told[i] = ask_until_it_dies(daemon_->socket(), i); });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(150 + 100 * round));
    EXPECT_EQ(daemon_->end(SIGKILL), -SIGKILL);
    for (std::thread& each : clients) each.join();

    const auto caller = start();
    std::map<std::string, std::string> held;
    std::set<std::string> addresses;
    const json::value leases = caller->get("/v1/leases?limit=10000").json();
    for (const json::value& each : leases.at("leases").as_array()) {
      const std::string address(each.at("ipv4").as_string());
      held[std::string(each.at("user").as_string())] = address;
      EXPECT_TRUE(addresses.insert(address).second) << address << " has two holders";
    }
    std::size_t kept = 0;
    for (Told& each : told) {
      for (const auto& [user, address] : each.held) {
        if (user == each.unsure) continue;  // its release may have come through
        EXPECT_EQ(held[user], address) << user;
        ++kept;
      }
      held.erase(each.unsure);
    }
    for (const auto& [user, address] : held) {
      bool expected = false;
      for (const Told& each : told) expected = expected || each.held.contains(user);
      EXPECT_TRUE(expected) << user << " holds " << address << " though it was released";
    }
    EXPECT_GT(kept, 0U);
    EXPECT_EQ(
        caller->post("/v1/servers/vpn1/boot", R"({"epoch": ")" + std::to_string(round) + "\"}")
            .status,
        200U);
    EXPECT_EQ(daemon_->end(SIGTERM), 0);
  }
}

}  // namespace
}  // namespace berth
