// address_probes.cc - one family after the other: one user, two connections, odd names, no start.
#include "check/address_probes.h"

#include <algorithm>

#include "check/static_check.h"

namespace berth::check {
namespace {

using ras::Answer;
using ras::Callout;
using ras::CalloutAddress;
using ras::Family;

constexpr int kOthers = 12;  // users who come until one of them gets what another gave back

std::string family_text(Family family) { return family == Family::ipv4 ? "IPv4" : "IPv6"; }

Callout get_of(Family family) {
  return family == Family::ipv4 ? Callout::get_ipv4 : Callout::get_ipv6;
}
Callout release_of(Family family) {
  return family == Family::ipv4 ? Callout::release_ipv4 : Callout::release_ipv6;
}
std::string name_of(Callout callout) { return std::string(ras::callout_name(callout)); }

// What RAS would propose: of a range that is nobody's (RFC 5737), or a small identifier.
CalloutAddress candidate(Family family, std::uint8_t number) {
  CalloutAddress address;
  if (family == Family::ipv4) {
    std::ranges::copy(std::to_array<std::uint8_t>({198, 51, 100, number}), address.bytes().begin());
  } else {
    address.bytes()[7] = number;
  }
  return address;
}

std::u16string port(int number) {
  const std::string digits = std::to_string(number);
  return u"VPN9-" + std::u16string(digits.begin(), digits.end());
}

// An address that was given, as RAS would have to give it back.
struct Held {
  std::u16string user;
  std::u16string port;
  CalloutAddress address;
  bool notify = false;
};

class FamilyProbe {
 public:
  FamilyProbe(Subject& subject, Family family, std::u16string user, Findings& findings)
      : subject_(subject), family_(family), user_(std::move(user)), findings_(findings) {}

  void run() {
    const std::size_t before = findings_.size();
    const std::optional<Held> first = get(user_, port(1), candidate(family_, 1), {});
    if (!first) return after_refusal(before);
    ask_twice(*first);
    ask_without_candidate();
    release_oddly(*first);
    take_over();
    odd_names();
    if (is_well_since(before)) {
      pass(findings_, family_ == Family::ipv4 ? "R25" : "R45",
           family_text(family_) + " addresses are given and taken back as RAS expects");
    }
  }

  // The first Get of a process.
  Answer ask_first() {
    Answer answer = subject_.ask_quietly({.callout = get_of(family_),
                                          .user = user_,
                                          .port = port(1),
                                          .address = candidate(family_, 1)});
    if (!answer.failure && answer.notify_release) {
      give_back({user_, port(1), answer.address, true}, {});
    }
    return answer;
  }

  // Whether it is answered where Initialize was never called, as it was where it had been.
  void judge_uninitialized(const Answer& initialized) {
    const Answer answer = ask_first();
    if (answer.failure || answer.result != initialized.result) {
      findings_.push_back(
          {Severity::error, "R122",
           name_of(get_of(family_)) + " " +
               (answer.failure ? "fails: " + answer.failure->what + ","
                               : "returns error " + std::to_string(answer.result)) +
               " where Initialize was called in another process",
           "make the state of the address callouts when the first of them is called"});
    } else {
      pass(findings_, "R122",
           family_text(family_) + " addresses are given where Initialize was never called");
    }
  }

 private:
  void find(Severity severity, std::string rule, std::string what, std::string remedy) {
    findings_.push_back({severity, std::move(rule), std::move(what), std::move(remedy)});
  }
  [[nodiscard]] std::string text(const CalloutAddress& address) const {
    return address.to_string(family_);
  }

  // What was given, if something was.
  std::optional<Held> get(const std::u16string& user, const std::u16string& on,
                          const CalloutAddress& proposed, const Bearing& bearing) {
    const Answer answer = subject_.ask(
        {.callout = get_of(family_), .user = user, .port = on, .address = proposed}, bearing);
    last_result_ = answer.result;
    if (answer.failure) return std::nullopt;
    judge(answer, proposed);
    const bool given = answer.result == 0 && !answer.address.none();
    if (!given) {
      // RAS releases at once what asked for it (R31).
      if (answer.notify_release) give_back({user, on, answer.address, true}, bearing);
      return std::nullopt;
    }
    return Held{user, on, answer.address, answer.notify_release};
  }

  [[nodiscard]] bool is_well_since(std::size_t before) const {
    return std::none_of(findings_.begin() + static_cast<std::ptrdiff_t>(before), findings_.end(),
                        [](const Finding& each) { return each.severity > Severity::advice; });
  }

  // Once for each rule: the same module makes the same mistake again.
  void once(Severity severity, const std::string& rule, std::string what, std::string remedy) {
    if (std::ranges::count(said_, rule) > 0) return;
    said_.push_back(rule);
    find(severity, rule, std::move(what), std::move(remedy));
  }

  void judge(const Answer& answer, const CalloutAddress& proposed) {
    const std::string name = name_of(get_of(family_));
    if (answer.result != 0 && answer.notify_release) {
      once(Severity::error, "R31",
           name + " returns error " + std::to_string(answer.result) +
               " and leaves its flag TRUE: RAS then releases at once what nobody got",
           "set the flag only where an address was given");
    }
    if (answer.result == 0 && answer.address.none() && !proposed.none()) {
      once(Severity::error, "R27",
           name + " returns NO_ERROR without an address: the user fails with error 1168",
           "return an error code, or leave the address that RAS proposed");
    }
    if (answer.result == 0 && answer.prefix_changed) {
      once(Severity::warning, "R47", name + " writes to the first 8 bytes, which are the prefix",
           "write to Byte[8] to Byte[15] alone");
    }
    if (answer.result != 0 || answer.address.none() || answer.address == proposed) return;
    if (family_ == Family::ipv4 && looks_swapped(answer.address)) {
      once(Severity::error, "R20",
           name + " gives " + text(answer.address) +
               ", which looks like an address written backwards",
           "write its four bytes in the order of the dotted quad, as inet_addr() does");
    }
    if (family_ == Family::ipv4 && !could_be_a_hosts(answer.address)) {
      once(Severity::error, "R25", name + " gives " + text(answer.address) + ", which no host has",
           "give an address that can be routed to a client");
    }
    if (!answer.notify_release) {
      once(Severity::advice, "R30",
           name +
               " chooses an address itself and leaves the flag FALSE: it will never hear that "
               "the address is free again",
           "set the flag TRUE, unless the address is this user's for ever");
    }
  }

  static bool could_be_a_hosts(const CalloutAddress& address) {
    const std::uint8_t first = address.bytes()[0];
    return first != 0 && first != 127 && first < 224;
  }

  void give_back(const Held& held, const Bearing& bearing) {
    subject_.ask({.callout = release_of(family_),
                  .user = held.user,
                  .port = held.port,
                  .address = held.address},
                 bearing);
  }
  void give_back(const std::optional<Held>& held) {
    if (held && held->notify) give_back(*held, {});
  }

  void after_refusal(std::size_t before) {
    if (findings_.size() > before) return;
    find(Severity::advice, "R26",
         name_of(get_of(family_)) + " refuses the user of this check with error " +
             std::to_string(last_result_) + ": what follows an address was not tried",
         "name a user whom it serves with --user");
  }

  // A second connection of the user, and another user, while the first is up.
  void ask_twice(const Held& first) {
    const std::optional<Held> second = get(user_, port(2), candidate(family_, 2), {});
    if (second && second->address == first.address) {
      find(Severity::warning, "R40",
           "a user with two connections is given " + text(first.address) +
               " for both: RAS refuses the second with error 735 (R29)",
           "keep what was given by user, port and address together");
    }
    const std::optional<Held> other = get(other_user(0), port(3), candidate(family_, 3), {});
    if (other &&
        (other->address == first.address || (second && other->address == second->address))) {
      find(Severity::error, "R29",
           "two users are given " + text(other->address) + ": RAS refuses the second",
           "give no address that another user has");
    }
    give_back(second);
    give_back(other);
  }

  void ask_without_candidate() {
    const std::optional<Held> held = get(user_, port(4), {}, {});
    if (!held && last_result_ == 0) {
      once(Severity::advice, "R24",
           "where RAS proposes no " + family_text(family_) +
               " address it gives none: such a user cannot connect",
           "nothing, if RAS has a pool of its own");
    }
    give_back(held);
  }

  // Twice, and one that was never given. RAS does neither, but a RAS that was killed may be late.
  void release_oddly(const Held& first) {
    if (!first.notify) return;
    give_back(first, {});
    give_back(first, {Severity::warning, "R33", "asked for the second time"});
    give_back({other_user(1), port(5), candidate(family_, 9), true},
              {Severity::warning, "R33", "for an address that was never given"});
  }

  // A late Release of one user must not free what another has by now.
  void take_over() {
    const std::optional<Held> first = get(user_, port(1), candidate(family_, 1), {});
    give_back(first);
    if (!first || !first->notify) return;
    std::vector<std::optional<Held>> held;
    int number = 0;
    const auto comes_to_have_it = [&] {
      for (int tried = 0; tried < kOthers; ++tried) {
        const int user = ++number;
        held.push_back(get(other_user(user), port(10 + user),
                           candidate(family_, static_cast<std::uint8_t>(20 + user)), {}));
        if (!held.back()) return false;
        if (held.back()->address == first->address) return true;
      }
      return false;
    };
    if (comes_to_have_it()) {
      give_back(*first, {Severity::warning, "R33", "asked for the second time"});
      if (comes_to_have_it()) {
        find(Severity::error, "R40",
             "a Release that names one user frees " + text(first->address) +
                 ", which another one has",
             "take an address back only from the user and port that hold it");
      }
    }
    for (const std::optional<Held>& each : held) give_back(each);
  }

  // Names that a client may choose. Whatever the answer is: it must come.
  void odd_names() {
    struct Odd {
      const char* with;
      std::u16string user;
      std::u16string on;
    };
    const Odd odd[] = {
        {"with an empty user", u"", port(6)},
        {"with an empty port", user_, u""},
        {"with a user of 256 characters", std::u16string(ras::kMaxUserUnits, u'u'), port(6)},
        {"with a port of 16 characters", user_, std::u16string(ras::kMaxPortUnits, u'P')},
        {"with a user beyond ASCII", u"\u00fc\u4f60\U0001f600", port(6)},
        {"with half of a character in the user",
         std::u16string(u"a\xd83d"
                        u"b"),
         port(6)},
        {"with signs of a path in the user", u"..\\..\\a/b:*?\"<>|%s%n", port(6)},
    };
    for (const Odd& each : odd) {
      const Bearing bearing{.rule = "R5", .with = each.with};
      const std::optional<Held> held = get(each.user, each.on, candidate(family_, 6), bearing);
      if (held && held->notify) give_back(*held, bearing);
    }
    tell_long_names_apart();
  }

  // Two users who differ in their last letter alone are two.
  void tell_long_names_apart() {
    std::u16string long_name(ras::kMaxUserUnits, u'u');
    const std::optional<Held> one = get(long_name, port(7), candidate(family_, 7), {});
    long_name.back() = u'v';
    const std::optional<Held> other = get(long_name, port(8), candidate(family_, 8), {});
    if (one && other && one->address == other->address) {
      find(Severity::error, "R29",
           "two users whose names of 256 characters differ at the end are given " +
               text(one->address),
           "keep names whole: UNLEN is 256");
    }
    give_back(one);
    give_back(other);
  }

  [[nodiscard]] std::u16string other_user(int number) const {
    const std::string digits = std::to_string(number);
    return (user_.size() > 200 ? u"other" : user_) + u"-" +
           std::u16string(digits.begin(), digits.end());
  }

  Subject& subject_;
  const Family family_;
  const std::u16string user_;
  Findings& findings_;
  std::uint32_t last_result_ = 0;
  std::vector<std::string> said_;
};

bool is_private(const std::uint8_t* quad) {
  return quad[0] == 10 || (quad[0] == 172 && quad[1] >= 16 && quad[1] < 32) ||
         (quad[0] == 192 && quad[1] == 168) || (quad[0] == 100 && quad[1] >= 64 && quad[1] < 128);
}

}  // namespace

bool looks_swapped(const CalloutAddress& address) {
  const auto& bytes = address.bytes();
  const std::uint8_t backwards[] = {bytes[3], bytes[2], bytes[1], bytes[0]};
  return !is_private(bytes.data()) && is_private(backwards);
}

void probe_addresses(Subject& subject, const std::u16string& user, Findings& findings) {
  if (!subject.load()) return;  // it was loaded a moment ago, and has been told of
  for (Family family : ras::kFamilies) {
    if (!subject.has(get_of(family)) || !subject.has(release_of(family))) {
      pass(findings, family == Family::ipv4 ? "R35" : "R45",
           "it gives no " + family_text(family) + " addresses, and RAS does");
      continue;
    }
    FamilyProbe(subject, family, user, findings).run();
    // What is given at first, in processes that are new each time.
    if (subject.face().style == ras::Style::table || !subject.load()) continue;
    FamilyProbe probe(subject, family, user, findings);
    const Answer first = probe.ask_first();
    if (first.failure || !subject.load(ras::Initialized::elsewhere)) continue;
    probe.judge_uninitialized(first);
    if (!subject.load()) return;
  }
}

}  // namespace berth::check
