// release.cc - berth release: the session is over.
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/json.h"
#include "cli/lease_options.h"
#include "cli/lease_text.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "wire/words.h"

namespace berth::cli {

namespace {

struct Asked {
  std::shared_ptr<LeaseOptions> lease;
  std::string kind;
  std::string session_started;
  bool by_operator = false;
};

Result<LeaseRef> read(const Asked& asked) {
  Result<LeaseRef> which = asked.lease->lease();
  if (!which) return which;
  if (!asked.kind.empty()) {
    Result<Kind> kind = parse_kind(asked.kind);
    if (!kind) return std::unexpected(kind.error());
    which->kind = *kind;
  }
  if (!asked.session_started.empty()) {
    Result<WallTime> started = parse_time(asked.session_started);
    if (!started) return std::unexpected(started.error());
    which->session_started = *started;
  }
  return which;
}

Outcome release(World& world, const Asked& asked) {
  Result<LeaseRef> which = read(asked);
  if (!which) return std::unexpected(which.error());
  Result<std::unique_ptr<Book>> book = open_book(world);
  if (!book) return std::unexpected(book.error());
  Result<Lease> lease = asked.lease->find(**book, *which);  // as it was
  if (!lease) return std::unexpected(lease.error());
  Cause cause = asked.by_operator ? Cause::operator_action : Cause::released;
  if (Done done = (*book)->release(*which, cause); !done) return std::unexpected(done.error());

  if (which->kind) {  // only that part of it is what was released
    Addresses& held = lease->addresses;
    if (*which->kind != Kind::ipv4) held.ipv4.reset();
    if (*which->kind != Kind::ipv6) held.ipv6.reset();
    if (*which->kind != Kind::delegated) held.delegated.reset();
  }
  if (world.json) {
    print_json(world.out, to_json(*lease));
  } else {
    world.out << "released " << in_words(*lease) << '\n';
  }
  return Exit::done;
}

}  // namespace

Verb release_verb() {
  static const std::string kManual =
      "The lease ends and its addresses cool down: until the pool's cool_down has passed nobody "
      "but their last owner gets them. With --json the lease is shown as it was.\n\n" +
      std::string(kNamesALease);
  return {.name = "release",
          .summary = "says that a session is over",
          .manual = kManual,
          .example =
              "berth release --server vpn1 --session 17\n"
              "berth release --address 10.8.0.7 --operator",
          .options = [](CLI::App& app) -> Run {
            auto asked = std::make_shared<Asked>();
            asked->lease = LeaseOptions::declare(app);
            app.add_option("--kind", asked->kind, "gives back only this kind of address")
                ->type_name("ipv4|ipv6|delegated");
            app.add_option("--session-started", asked->session_started,
                           "when the session began; one that began before the lease ends nothing")
                ->type_name("TIME");
            app.add_flag("--operator", asked->by_operator,
                         "history says that a person ended it, not the server");
            return [asked](World& world) { return release(world, *asked); };
          }};
}

}  // namespace berth::cli
