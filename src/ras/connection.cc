// connection.cc - what each answer of a module does to a connection.
#include "ras/connection.h"

#include <algorithm>
#include <utility>

#include "ras/refusal.h"

namespace berth::ras {
namespace {

std::uint32_t number(Win32 code) { return static_cast<std::uint32_t>(code); }

Failed refused_by(const Verdict& verdict, std::string rule, const std::string& what) {
  Failed failed{.code = 0,
                .rule = std::move(rule),
                .module = verdict.refused->path(),
                .what = "module " + verdict.refused->path() + " refused the " + what};
  if (verdict.failure) failed.what += ": " + verdict.failure->what;
  return failed;
}

}  // namespace

Connection::Connection(Chain& chain, AddressSource& source, ConnectionFacts facts,
                       const LinkFacts& first, const Wanted& wanted, Live* live)
    : chain_(chain),
      source_(source),
      live_(live),
      facts_(std::move(facts)),
      client_{.connection = facts_.handle,
              .user = facts_.user,
              .port = first.port_name,
              .wanted = wanted,
              .by_module = {.ipv4 = wanted.ipv4 && !skips_provider(Family::ipv4),
                            .ipv6 = wanted.ipv6 && !skips_provider(Family::ipv6)}},
      links_{first} {
  BERTH_ASSERT(facts_.handle != Handle{} && first.port != Handle{});
}

Connection::~Connection() { end(); }

std::expected<std::unique_ptr<Connection>, Failed> Connection::begin(Chain& chain,
                                                                     AddressSource& source,
                                                                     ConnectionFacts facts,
                                                                     LinkFacts first_link,
                                                                     Wanted wanted, Live* live) {
  first_link.connection = facts.handle;
  std::unique_ptr<Connection> connection(
      new Connection(chain, source, std::move(facts), first_link, wanted, live));
  std::optional<Failed> failed;
  if (wanted.ipv4) failed = connection->get(Family::ipv4);
  if (wanted.ipv6 && !failed) failed = connection->get(Family::ipv6);
  if (!failed) failed = connection->accept();
  if (!failed) failed = connection->commit();
  if (failed) {
    connection->release_addresses();
    return std::unexpected(*std::move(failed));
  }
  connection->show();
  return connection;
}

void Connection::show() const {
  if (live_ != nullptr) live_->put(facts_, links_);
}

// --- Addresses ---

// A provider of revision 1 knows nothing of IKEv2 (R39).
bool Connection::skips_provider(Family family) const {
  const Module* const provider = chain_.provider(family);
  if (provider == nullptr) return true;
  return family == Family::ipv4 && facts_.tunnel == Tunnel::ikev2 && provider->face().revision == 1;
}

std::optional<Failed> Connection::get(Family family) {
  Held& held = this->held(family);
  held.address = source_.propose(family, client_);
  if (skips_provider(family)) {
    if (!held.address) {
      return Failed{.code = number(Win32::no_addresses),
                    .rule = "R38",
                    .module = {},
                    .what = "there is no " + std::string(family_name(family)) +
                            " address, and no module that gives one"};
    }
  } else {
    const Answer answer = chain_.get_address(family, client_.user, client_.port,
                                             held.address.value_or(CalloutAddress()));
    held.release = !answer.failure && answer.notify_release;
    held.released = answer.address;
    if (auto failed = judge(family, answer)) return failed;
  }
  negotiated(family).up = true;
  negotiated(family).client = *held.address;
  return std::nullopt;
}

// The table after R40, row by row. Where it fails, the candidate goes back at once; what is owed is
// released with the rest.
std::optional<Failed> Connection::judge(Family family, const Answer& answer) {
  Held& held = this->held(family);
  const std::string module = chain_.provider(family)->path();
  const auto fail = [&](std::uint32_t code, const char* rule, const std::string& what) {
    give_back(family);
    return Failed{
        .code = code, .rule = rule, .module = module, .what = "module " + module + " " + what};
  };
  const std::string left = answer.address.to_string(family);
  if (answer.failure) {
    return fail(number(Win32::access_denied), "R120", "did not answer: " + answer.failure->what);
  }
  if (answer.result != 0) {
    return fail(answer.result, "R26", "returned error " + std::to_string(answer.result));
  }
  if (answer.address.none()) {
    return held.address ? fail(number(Win32::not_found), "R27", "gave no address")
                        : fail(number(Win32::not_found), "R24", "gave no address, nor had RAS one");
  }
  if (held.address == answer.address) return std::nullopt;
  give_back(family);
  switch (source_.take(family, answer.address, client_, module)) {
    case Taken::taken: held.address = answer.address; return std::nullopt;
    case Taken::server:
      return fail(number(Win32::not_found), "R28", "gave the server's own, " + left);
    case Taken::in_use:
      return fail(number(Win32::address_rejected), "R29", "gave " + left + ", which is in use");
    case Taken::foreign: break;
  }
  return fail(number(Win32::address_rejected), "R29",
              "gave " + left + ", which is in no pool, and foreign addresses are refused");
}

void Connection::give_back(Family family) {
  if (auto address = std::exchange(held(family).address, std::nullopt)) {
    source_.give_back(family, *address, client_);
  }
}

// What is given back counts as released: so a Release is made at most once, whatever dies between
// the two (R33).
void Connection::release_addresses() {
  for (Family family : kFamilies) {
    give_back(family);
    if (!std::exchange(held(family).release, false)) continue;
    chain_.release_address(family, client_.user, client_.port, held(family).released);
  }
  source_.end(client_);
}

// --- Accepting, and links ---

std::optional<Failed> Connection::accept() {
  const Verdict connection = chain_.accept_connection(facts_);
  if (!connection.accepted) {
    if (chain_.tells_of_refusals()) chain_.hang_up_connection(facts_, connection.asked - 1);
    return refused_by(connection, "R62", "connection");
  }
  const Verdict link = chain_.accept_link(links_.front());
  if (!link.accepted) {
    if (chain_.tells_of_refusals()) chain_.hang_up_link(links_.front(), link.asked - 1);
    chain_.hang_up_connection(facts_, chain_.size());
    return refused_by(link, "R81", "only link");
  }
  return std::nullopt;
}

std::optional<Failed> Connection::commit() {
  std::vector<Answered> answered;
  for (Family family : kFamilies) {
    const bool by_module = family == Family::ipv4 ? client_.by_module.ipv4 : client_.by_module.ipv6;
    if (!by_module) continue;
    answered.push_back({.family = family,
                        .module = chain_.provider(family)->path(),
                        .release = held(family).release});
  }
  if (const auto done = source_.commit(client_, answered); !done) {
    chain_.hang_up_link(links_.front(), chain_.size());
    chain_.hang_up_connection(facts_, chain_.size());
    return Failed{
        .code = number(Win32::no_addresses), .rule = "R67", .module = {}, .what = done.error()};
  }
  up_ = true;
  return std::nullopt;
}

std::expected<void, Failed> Connection::add_link(LinkFacts link) {
  BERTH_ASSERT(up_);
  link.connection = facts_.handle;
  const Verdict verdict = chain_.accept_link(link);
  if (!verdict.accepted) {
    if (chain_.tells_of_refusals()) chain_.hang_up_link(link, verdict.asked - 1);
    return std::unexpected(refused_by(verdict, "R82", "link"));
  }
  links_.push_back(std::move(link));
  show();
  return {};
}

bool Connection::drop_link(Handle port) {
  const auto link =
      std::ranges::find_if(links_, [port](const LinkFacts& each) { return each.port == port; });
  if (!up_ || link == links_.end()) return false;
  if (links_.size() == 1) {
    end();
    return true;
  }
  link->up = false;
  chain_.hang_up_link(*link, chain_.size());
  links_.erase(link);
  show();
  return true;
}

std::expected<void, Failed> Connection::reauthenticate(QuarantineState state) {
  BERTH_ASSERT(up_);
  facts_.quarantine = state;
  const Verdict verdict = chain_.accept_reauthentication(facts_);
  if (verdict.accepted) {
    show();
    return {};
  }
  end();
  return std::unexpected(refused_by(verdict, "R91", "reauthentication"));
}

std::expected<void, Failed> Connection::change_endpoint(std::u16string client,
                                                        std::u16string server) {
  BERTH_ASSERT(up_);
  ConnectionFacts moved = facts_;
  moved.client_endpoint = std::move(client);
  moved.server_endpoint = std::move(server);
  ++moved.endpoint_changes;
  const Verdict verdict = chain_.accept_endpoint_change(moved);
  if (!verdict.accepted) return std::unexpected(refused_by(verdict, "R95", "change of endpoint"));
  facts_ = std::move(moved);
  show();
  return {};
}

void Connection::abandon() {
  if (live_ != nullptr) live_->remove(facts_.handle);
  up_ = false;
  links_.clear();
  held_ = {};
}

void Connection::end() {
  if (!std::exchange(up_, false)) return;
  if (live_ != nullptr) live_->remove(facts_.handle);
  for (LinkFacts& link : links_) {
    link.up = false;
    chain_.hang_up_link(link, chain_.size());
  }
  links_.clear();
  chain_.hang_up_connection(facts_, chain_.size());
  release_addresses();
}

}  // namespace berth::ras
