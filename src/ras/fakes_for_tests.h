// fakes_for_tests.h - modules and a pool that do what a test says, and write down what they heard.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ras/connection.h"

namespace berth::ras::testing {

using Log = std::vector<std::string>;

inline std::string narrow(std::u16string_view text) { return {text.begin(), text.end()}; }

// A module whose answers a test sets; it has all callouts of its style.
class FakeModule final : public Module {
 public:
  FakeModule(std::string path, Log& log, const Face& face)
      : Module(std::move(path), face), log_(log) {}

  Answer call(const Call& call) override {
    std::string line = path() + " " + std::string(callout_name(call.callout));
    const bool address = group_of(call.callout) == Group::address;
    const bool ipv4 = call.callout == Callout::get_ipv4 || call.callout == Callout::release_ipv4;
    if (address) {
      line += " " + narrow(call.user) + " " + narrow(call.port) + " " +
              call.address.to_string(ipv4 ? Family::ipv4 : Family::ipv6);
    }
    if (call.link != nullptr) line += " " + narrow(call.link->port_name);
    log_.push_back(std::move(line));
    const auto set = answers_.find(call.callout);
    if (set != answers_.end()) return set->second(call);
    return address ? Answer{.address = call.address, .failure = {}}
                   : Answer{.result = 1, .address = {}, .failure = {}};
  }

  void on(Callout callout, std::function<Answer(const Call&)> answer) {
    answers_[callout] = std::move(answer);
  }
  void refuse(Callout callout) {
    on(callout, [](const Call&) { return Answer{.address = {}, .failure = {}}; });
  }

 private:
  Log& log_;
  std::map<Callout, std::function<Answer(const Call&)>> answers_;
};

inline Face face_of(std::initializer_list<Callout> callouts, Style style = Style::exports) {
  Face face{.style = style,
            .revision = static_cast<std::uint8_t>(style == Style::table ? 2 : 1),
            .callouts = {}};
  for (Callout each : callouts) add(face.callouts, each);
  return face;
}

// The least, with both pairs.
inline Face exporting_both() {
  return face_of({Callout::accept_connection, Callout::hang_up_connection, Callout::accept_link,
                  Callout::hang_up_link, Callout::get_ipv4, Callout::release_ipv4,
                  Callout::get_ipv6, Callout::release_ipv6});
}
inline Face exporting_neither() {
  return face_of({Callout::accept_connection, Callout::hang_up_connection, Callout::accept_link,
                  Callout::hang_up_link});
}

// 10.0.0.1 upwards and ::1 upwards; 10.0.0.254 is the server's own.
class FakeSource final : public AddressSource {
 public:
  std::optional<CalloutAddress> propose(Family family, const Client&) override {
    if (dry) return std::nullopt;
    for (std::uint32_t i = 1;; ++i) {
      const CalloutAddress address = family == Family::ipv4 ? CalloutAddress(Ipv4(0x0a000000 + i))
                                                            : CalloutAddress(InterfaceId(i));
      if (held.insert({family, address.to_string(family)}).second) return address;
    }
  }
  Taken take(Family family, const CalloutAddress& address, const Client&,
             const std::string&) override {
    if (address == CalloutAddress(Ipv4(0x0a0000fe))) return Taken::server;
    if (foreign.contains(address.to_string(family))) return Taken::foreign;
    return held.insert({family, address.to_string(family)}).second ? Taken::taken : Taken::in_use;
  }
  std::expected<void, std::string> commit(const Client&, std::span<const Answered> who) override {
    answered.assign(who.begin(), who.end());
    if (refuses) return std::unexpected("the disk is full");
    return {};
  }
  void end(const Client&) override { ++ended; }
  void give_back(Family family, const CalloutAddress& address, const Client&) override {
    if (held.erase({family, address.to_string(family)}) == 0) ++faults;
  }

  bool dry = false;
  bool refuses = false;  // to commit
  std::vector<Answered> answered;
  int ended = 0;
  std::set<std::string> foreign;
  std::set<std::pair<Family, std::string>> held;
  int faults = 0;  // addresses that came back twice
};

}  // namespace berth::ras::testing
