// requests.cc - members of requests, one type after the other.
#include "wire/requests.h"

#include <fmt/format.h>

#include "berth/book.h"
#include "wire/class_token.h"
#include "wire/fields.h"
#include "wire/json.h"

namespace berth {

namespace json = boost::json;

namespace {

Addresses addresses_of(Fields& fields) {
  return {.ipv4 = fields.ipv4("ipv4"),
          .ipv6 = fields.prefix("ipv6"),
          .delegated = fields.prefix("delegated")};
}

// An address of either family, which the lease must hold.
void read_address(Fields& fields, LeaseRef& which) {
  const std::string text = fields.text("address");
  if (text.empty()) return;
  if (const Result<Ipv4> ipv4 = Ipv4::parse(text)) {
    which.ipv4 = *ipv4;
  } else if (const Result<Ipv6> ipv6 = Ipv6::parse(text)) {
    which.ipv6 = *ipv6;
  } else {
    fields.fail("address", ipv6.error().what, "write it as 10.8.0.7 or 2001:db8::7");
  }
}

void read_class(Fields& fields, LeaseRef& which) {
  const std::string text = fields.text("class");
  if (text.empty()) return;
  const Result<ClassToken> token = parse_class_token(text);
  if (!token) {
    fields.fail("class", token.error().what, token.error().remedy);
  } else if (which.id || which.generation) {
    fields.fail("class", "says what lease_id and generation say", "send one or the other");
  } else {
    which.id = token->id;
    which.generation = token->generation;
  }
}

}  // namespace

Result<Request> read_request(const json::value& value, const std::string& what) {
  Fields fields(value, what);
  Request request{.user = fields.text("user"),
                  .server = fields.text("server"),
                  .port = fields.text("port"),
                  .session = fields.text("session"),
                  .groups = fields.texts("groups"),
                  .ipv4 = fields.want("ipv4", Want::optional),
                  .ipv6 = fields.want("ipv6", Want::optional),
                  .delegated = fields.want("delegated", Want::optional),
                  .proposed_ipv4 = fields.ipv4("proposed_ipv4"),
                  .proposed_ipv6 = fields.ipv6("proposed_ipv6")};
  if (Done done = fields.finish(); !done) return std::unexpected(done.error());
  return request;
}

Result<LeaseRef> read_lease_ref(const json::value& value, const std::string& what) {
  Fields fields(value, what);
  LeaseRef which{.id = fields.lease_id("lease_id"),
                 .generation = std::nullopt,
                 .server = fields.text("server"),
                 .session = fields.text("session"),
                 .port = fields.text("port"),
                 .user = fields.text("user"),
                 .kind = fields.kind("kind"),
                 .ipv4 = std::nullopt,
                 .ipv6 = std::nullopt,
                 .session_started = fields.time("session_started"),
                 .ended = fields.time("ended")};
  if (const auto generation = fields.number("generation"))
    which.generation = Generation{*generation};
  read_class(fields, which);
  read_address(fields, which);
  if (Done done = fields.finish(); !done) return std::unexpected(done.error());
  return which;
}

Result<std::string> read_epoch(const json::value& value) {
  Fields fields(value, "the body");
  std::string epoch = fields.text("epoch");
  if (Done done = fields.finish(); !done) return std::unexpected(done.error());
  return epoch;
}

Result<std::vector<Session>> read_sessions(const json::value& value) {
  Fields fields(value, "the body");
  const json::array* const listed = fields.array("sessions", Book::kMostSessions);
  if (listed == nullptr) fields.fail("sessions", "is not there", "send a list, empty for none");
  if (Done done = fields.finish(); !done) return std::unexpected(done.error());
  std::vector<Session> sessions;
  for (const json::value& each : *listed) {
    Fields of_one(each, fmt::format("sessions[{}]", sessions.size()));
    Session session{.user = of_one.text("user"),
                    .port = of_one.text("port"),
                    .session = of_one.text("session"),
                    .addresses = addresses_of(of_one)};
    if (Done done = of_one.finish(); !done) return std::unexpected(done.error());
    sessions.push_back(std::move(session));
  }
  return sessions;
}

Result<Addresses> read_addresses(const json::value& value) {
  Fields fields(value, "the body");
  const Addresses addresses = addresses_of(fields);
  if (addresses.empty()) {
    fields.fail("ipv4", "neither this nor \"ipv6\" nor \"delegated\" is there", "send one or more");
  }
  if (Done done = fields.finish(); !done) return std::unexpected(done.error());
  return addresses;
}

json::object granted(const Request& request, const Grant& grant) {
  json::object object = to_json(grant);
  object["class"] = json_text(class_token_text({grant.id, grant.generation}));
  object["user"] = json_text(request.user);
  object["server"] = json_text(request.server);
  object["port"] = json_text(request.port);
  object["session"] = json_text(request.session);
  return object;
}

}  // namespace berth
