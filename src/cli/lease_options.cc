// lease_options.cc - from options to a LeaseRef.
#include "cli/lease_options.h"

#include <CLI/CLI.hpp>

#include "cli/words.h"
#include "wire/words.h"

namespace berth::cli {

std::shared_ptr<LeaseOptions> LeaseOptions::declare(CLI::App& app) {
  auto asked = std::make_shared<LeaseOptions>();
  LeaseRef& named = asked->named_;
  auto text = [&](const char* option, std::string& value, const char* type, const char* what) {
    app.add_option(option, value, what)->type_name(type);
  };
  text("--id", asked->id_, "ID", "the lease's id, as assign showed it");
  app.add_option("--generation", asked->generation_, "the lease's generation, as assign showed it")
      ->type_name("NUMBER");
  text("--server", named.server, "NAME", "the access server");
  text("--session", named.session, "NAME", "the server's id of the session");
  text("--port", named.port, "NAME", "where on the server the user is attached");
  text("--user", named.user, "NAME", "the user");
  app.add_option("--address", asked->addresses_, "an address that the lease holds")
      ->type_name("ADDRESS")
      ->allow_extra_args(false);
  return asked;
}

Result<LeaseRef> LeaseOptions::lease() const {
  LeaseRef which = named_;
  if (!id_.empty()) {
    Result<LeaseId> id = parse_lease_id(id_);
    if (!id) return std::unexpected(id.error());
    which.id = *id;
  }
  if (generation_) which.generation = Generation{*generation_};
  Result<Addresses> addresses = parse_addresses(addresses_);
  if (!addresses) return std::unexpected(addresses.error());
  if (addresses->ipv6 && addresses->delegated) {
    return fail(Code::invalid, "--address names an IPv6 address and a delegated prefix",
                "one of the two is enough to name a lease");
  }
  which.ipv4 = addresses->ipv4;
  if (addresses->ipv6) which.ipv6 = addresses->ipv6->address();
  if (addresses->delegated) which.ipv6 = addresses->delegated->address();

  bool by_place = !which.server.empty() && (!which.session.empty() || !which.user.empty());
  if (!which.id && !by_place && addresses->empty()) {
    return fail(Code::invalid, "nothing says which lease is meant",
                "give --id; or --server with --session or --user; or --address");
  }
  return which;
}

Result<Lease> LeaseOptions::find(const Book& book, const LeaseRef& which) const {
  Result<Lease> lease = book.find(which);
  Result<Addresses> named = parse_addresses(addresses_);
  if (!lease || !named) return lease;
  for (const std::optional<Ipv6Prefix>& prefix : {named->ipv6, named->delegated}) {
    if (!prefix || prefix->length() == 128) continue;
    if (lease->addresses.ipv6 == prefix || lease->addresses.delegated == prefix) continue;
    return fail(Code::foreign,
                "the lease holds " + lease->addresses.to_string() + ", not " + prefix->to_string(),
                "name what berth leases shows");
  }
  return lease;
}

}  // namespace berth::cli
