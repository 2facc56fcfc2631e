// connection_probes.cc - lives of connections, as they are and as they should not be.
#include "check/connection_probes.h"

namespace berth::check {
namespace {

using ras::Answer;
using ras::Callout;
using ras::ConnectionFacts;
using ras::Handle;
using ras::LinkFacts;

// By far not one that was accepted.
constexpr Handle kUnseen{0x7000};

class ConnectionProbe {
 public:
  ConnectionProbe(Subject& subject, std::u16string user, Findings& findings)
      : subject_(subject), user_(std::move(user)), findings_(findings) {}

  void run() {
    const std::size_t before = findings_.size();
    ordinary_lives();
    change_while_up();
    unseen();
    odd_facts();
    if (findings_.size() == before) {
      pass(findings_, "R72", "connections and links come and go as RAS expects");
    }
  }

 private:
  [[nodiscard]] ConnectionFacts connection(Handle handle) const {
    ConnectionFacts facts;
    facts.handle = handle;
    facts.interface_handle = handle;
    facts.user = user_;
    facts.domain = u"CHECK";
    facts.remote_computer = u"CLIENT";
    facts.interface_name = user_;
    facts.guid[0] = static_cast<std::uint8_t>(handle);
    facts.ipv4 = {.up = true,
                  .server = ras::CalloutAddress(berth::Ipv4(0xc63364fe)),
                  .client = ras::CalloutAddress(berth::Ipv4(0xc6336401))};
    return facts;
  }
  static LinkFacts link(Handle connection, std::uint64_t port) {
    LinkFacts facts;
    facts.port = Handle{port};
    facts.connection = connection;
    const std::string digits = std::to_string(port);
    facts.port_name = u"VPN9-" + std::u16string(digits.begin(), digits.end());
    facts.media_name = u"rastapi";
    facts.device_name = u"WAN Miniport";
    facts.device_type = u"vpn";
    return facts;
  }

  // Of a flavour that is not there nothing is asked.
  bool ask(std::optional<Callout> callout, const ConnectionFacts& facts,
           const Bearing& bearing = {}) {
    if (!callout || !subject_.has(*callout)) return true;
    return subject_.ask({.callout = *callout, .connection = &facts}, bearing).result != 0;
  }
  bool ask(Callout callout, const LinkFacts& facts, const Bearing& bearing = {}) {
    if (!subject_.has(callout)) return true;
    return subject_.ask({.callout = callout, .link = &facts}, bearing).result != 0;
  }
  bool accept(const ConnectionFacts& facts, const Bearing& bearing = {}) {
    return ask(subject_.flavours().accept_connection, facts, bearing);
  }
  void hang_up(const ConnectionFacts& facts, const Bearing& bearing = {}) {
    ask(subject_.flavours().hang_up_connection, facts, bearing);
  }

  // Two of one user at once, one of them with a second link (R80, R114).
  void ordinary_lives() {
    const ConnectionFacts one = connection(Handle{1});
    const ConnectionFacts two = connection(Handle{2});
    const bool accepted = accept(one);
    if (!accepted) {
      findings_.push_back({Severity::advice, "R61",
                           "it refuses connections of the user of this check",
                           "name a user whom it lets in with --user"});
    }
    ask(Callout::accept_link, link(Handle{1}, 1));
    accept(two, {.with = "for the second connection of a user"});
    ask(Callout::accept_link, link(Handle{2}, 2));
    ask(Callout::accept_link, link(Handle{1}, 3), {.with = "for a second link"});
    for (const auto& [of, port] : {std::pair(1U, 1U), {1U, 3U}, {2U, 2U}}) {
      LinkFacts ending = link(Handle{of}, port);
      ending.up = false;
      ask(Callout::hang_up_link, ending);
    }
    hang_up(one);
    hang_up(two);
    hang_up(two, {.severity = Severity::warning, .with = "asked for the second time"});
  }

  void change_while_up() {
    ConnectionFacts facts = connection(Handle{4});
    facts.tunnel = ras::Tunnel::ikev2;
    accept(facts, {.with = "for a connection by IKEv2"});
    for (auto state : {ras::QuarantineState::quarantine, ras::QuarantineState::probation,
                       ras::QuarantineState::not_capable, ras::QuarantineState::normal}) {
      facts.quarantine = state;
      ask(subject_.flavours().accept_reauthentication, facts);
    }
    facts.endpoint_changes = 1;
    facts.client_endpoint = u"203.0.113.9";
    ask(Callout::accept_endpoint_change, facts);
    hang_up(facts);
    if (!subject_.has(Callout::validate_preauthenticated)) return;
    const ras::PreauthenticationFacts client{.connection = Handle{5},
                                             .user = user_,
                                             .domain = u"CHECK",
                                             .info = std::vector<std::uint8_t>(64, 7)};
    subject_.ask({.callout = Callout::validate_preauthenticated, .preauthentication = &client}, {});
  }

  // RAS may tell of what the module refused, or was never asked about (R73, R85).
  void unseen() {
    const Bearing bearing{.rule = "R73", .with = "for a connection that it never saw"};
    ask(Callout::hang_up_link, link(kUnseen, 77), {.rule = "R85", .with = bearing.with});
    hang_up(connection(kUnseen), bearing);
    ask(subject_.flavours().accept_reauthentication, connection(kUnseen), bearing);
    ask(Callout::accept_endpoint_change, connection(kUnseen), bearing);
  }

  void odd_facts() {
    ConnectionFacts facts = connection(Handle{6});
    const auto life = [&](const char* with) {
      const Bearing bearing{.rule = "R5", .with = with};
      accept(facts, bearing);
      hang_up(facts, bearing);
    };
    facts.user.clear();
    facts.domain.clear();
    facts.remote_computer.clear();
    life("with empty names");
    facts.user.assign(ras::kMaxUserUnits, u'u');
    facts.domain.assign(ras::kMaxDomainUnits, u'd');
    facts.remote_computer.assign(ras::kMaxComputerUnits, u'c');
    facts.interface_name.assign(ras::kMaxInterfaceUnits, u'i');
    life("with the longest names");
    facts.user = u"\u00fc\u4f60\U0001f600";
    life("with a user beyond ASCII");
    facts.user = std::u16string(
        u"a\xd83d"
        u"b");
    life("with half of a character in the user");
    facts = connection(Handle{7});
    facts.ipv4 = {};
    life("for a connection without addresses");
    LinkFacts odd = link(Handle{7}, 8);
    odd.port_name.assign(ras::kMaxPortUnits, u'P');
    odd.media_name.clear();
    odd.device_name.assign(ras::kMaxDeviceUnits, u'D');
    const Bearing bearing{.rule = "R5", .with = "with the longest names"};
    ask(Callout::accept_link, odd, bearing);
    ask(Callout::hang_up_link, odd, bearing);
  }

  Subject& subject_;
  const std::u16string user_;
  Findings& findings_;
};

// Whether a result means that it took what it cannot have.
bool takes_it(Callout callout, const Answer& answer) {
  switch (callout) {
    case Callout::get_ipv4:
    case Callout::get_ipv6:
    case Callout::validate_preauthenticated: return answer.result == 0;
    case Callout::accept_connection:
    case Callout::accept_connection2:
    case Callout::accept_connection3:
    case Callout::accept_connection_ex:
    case Callout::accept_link:
    case Callout::accept_reauthentication:
    case Callout::accept_reauthentication_ex:
    case Callout::accept_endpoint_change: return answer.result != 0;
    default: return false;
  }
}

void add_to(std::string& list, Callout callout) {
  list += (list.empty() ? "" : ", ") + std::string(ras::callout_name(callout));
}

}  // namespace

void probe_connections(Subject& subject, const std::u16string& user, Findings& findings) {
  if (subject.load()) ConnectionProbe(subject, user, findings).run();
}

void probe_nothing(Subject& subject, Findings& findings) {
  if (!subject.load()) return;
  std::string fail;
  std::string accept;
  const ConnectionFacts connection;
  const LinkFacts link;
  const ras::PreauthenticationFacts client;
  for (Callout each : ras::all_callouts()) {
    if (ras::group_of(each) == ras::Group::start || !subject.has(each)) continue;
    const Answer answer = subject.ask_quietly({.callout = each,
                                               .connection = &connection,
                                               .link = &link,
                                               .preauthentication = &client,
                                               .nothing = true});
    if (answer.failure) {
      add_to(fail, each);
    } else if (takes_it(each, answer)) {
      add_to(accept, each);
    }
  }
  if (!fail.empty()) {
    findings.push_back({Severity::advice, "R7", "handed NULLs, these fail: " + fail,
                        "check every pointer: answer 87, or FALSE, or return"});
  }
  if (!accept.empty()) {
    findings.push_back(
        {Severity::advice, "R7", "handed NULLs, these say yes: " + accept, "answer 87, or FALSE"});
  }
  if (fail.empty() && accept.empty()) pass(findings, "R7", "NULLs are refused");
}

void probe_end(Subject& subject, Findings& findings) {
  if (!subject.load() || !subject.has(Callout::terminate)) return;
  const Answer answer = subject.ask({.callout = Callout::terminate}, {.rule = "R14"});
  if (!answer.failure) pass(findings, "R14", "it ends in good order, in both processes");
}

}  // namespace berth::check
