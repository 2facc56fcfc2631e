// population.h - users by number: their names, sessions and requests, made fast.
//
// Owner and session are 16 bytes long, the port 8: the lengths for which memory is promised.
// User 17 of server vpn-1 is "user-00000000017", on port "p0000017" in session
// "sess-00000000017" unless it is said otherwise. Requests are made in place, so that making
// them costs a measurement little.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "berth/lease.h"
#include "core/owner_name.h"

namespace berth::figures {

class Person {
 public:
  Person() {
    request_.ipv4 = Want::required;
    request_.ipv6 = Want::no;
    request_.delegated = Want::no;
    request_.user = "user-00000000000";
    request_.session = "sess-00000000000";
    request_.port = "p0000000";
    name_.owner = request_.user;
    which_.session = request_.session;
  }

  // Which kinds everybody asks for.
  void want(Want ipv4, Want ipv6, Want delegated) {
    request_.ipv4 = ipv4;
    request_.ipv6 = ipv6;
    request_.delegated = delegated;
  }

  // Becomes this user, in the session of the same number or another.
  void be(std::uint64_t number) { be(number, number); }
  void be(std::uint64_t number, std::uint64_t session) {
    write(request_.user, number, 11);
    write(request_.session, session, 11);
    write(request_.port, session, 7);
    write(name_.owner, number, 11);
    write(which_.session, session, 11);
    request_.server = server_of(number);
    which_.server = request_.server;
  }

  [[nodiscard]] const Request& request() const { return request_; }
  [[nodiscard]] const OwnerName& name() const { return name_; }
  [[nodiscard]] const LeaseRef& which() const { return which_; }

 private:
  static std::string_view server_of(std::uint64_t number) {
    static constexpr std::string_view kServers[] = {"vpn-0", "vpn-1", "vpn-2", "vpn-3",
                                                    "vpn-4", "vpn-5", "vpn-6", "vpn-7"};
    return kServers[number % 8];
  }
  static void write(std::string& text, std::uint64_t number, std::size_t digits) {
    for (std::size_t i = text.size(); digits > 0; --digits) {
      text[--i] = static_cast<char>('0' + number % 10);
      number /= 10;
    }
  }

  Request request_;
  OwnerName name_;
  LeaseRef which_;
};

}  // namespace berth::figures
