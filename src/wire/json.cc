// json.cc - values of Berth as JSON.
#include "wire/json.h"

#include <limits>

#include <boost/json/array.hpp>

#include "core/utf8.h"
#include "text/printable.h"
#include "wire/words.h"

namespace berth {

namespace json = boost::json;

namespace {

json::value number(Uint128 count) {
  if (count <= std::numeric_limits<std::uint64_t>::max()) {
    return static_cast<std::uint64_t>(count);
  }
  return static_cast<double>(count);
}

void add(json::object& object, const Addresses& addresses) {
  auto text_or_null = [](const auto& address) -> json::value {
    if (!address) return nullptr;
    return json_text(address->to_string());
  };
  object["ipv4"] = text_or_null(addresses.ipv4);
  object["ipv6"] = text_or_null(addresses.ipv6);
  object["delegated"] = text_or_null(addresses.delegated);
}

// Why each kind that was given is what it is.
json::object reasons(const Grant& grant) {
  json::object object;
  auto add_reason = [&](Kind kind, bool given) {
    if (!given) return;
    Reason reason = grant.reasons[static_cast<std::size_t>(kind)];
    object[kind_name(kind)] = json_text(reason_name(reason));
  };
  add_reason(Kind::ipv4, grant.addresses.ipv4.has_value());
  add_reason(Kind::ipv6, grant.addresses.ipv6.has_value());
  add_reason(Kind::delegated, grant.addresses.delegated.has_value());
  return object;
}

}  // namespace

json::object to_json(const Error& error) {
  return {{"code", json_text(code_name(error.code))},
          {"what", json_text(error.what)},
          {"remedy", json_text(error.remedy)}};
}

json::object to_json(const Lease& lease) {
  json::object object = {{"lease_id", json_text(lease_id_text(lease.id))},
                         {"generation", lease.generation.value},
                         {"state", json_text(state_name(lease.state))},
                         {"owner", json_text(lease.owner)},
                         {"user", json_text(lease.user)},
                         {"server", json_text(lease.server)},
                         {"port", json_text(lease.port)},
                         {"session", json_text(lease.session)}};
  add(object, lease.addresses);
  object["second_login"] = lease.second;
  object["started"] = to_json(std::optional(lease.started));
  object["renewed"] = to_json(std::optional(lease.renewed));
  return object;
}

json::object to_json(const Session& session) {
  json::object object;
  object["user"] = session.user;
  object["port"] = session.port;
  object["session"] = session.session;
  add(object, session.addresses);
  return object;
}

json::object to_json(const Interval& interval) {
  json::object object = {{"sequence", interval.sequence},
                         {"lease_id", json_text(lease_id_text(interval.lease))},
                         {"generation", interval.generation.value},
                         {"owner", json_text(interval.owner)},
                         {"user", json_text(interval.user)},
                         {"server", json_text(interval.server)},
                         {"port", json_text(interval.port)},
                         {"session", json_text(interval.session)}};
  add(object, interval.addresses);
  object["started"] = to_json(std::optional(interval.started));
  object["ended"] = to_json(interval.ended);
  object["cause"] = nullptr;
  if (interval.ended) object["cause"] = json_text(cause_name(interval.cause));
  return object;
}

json::object to_json(const Reservation& reservation) {
  json::object object = {{"owner", json_text(reservation.owner)},
                         {"user", json_text(reservation.user)}};
  add(object, reservation.addresses);
  return object;
}

json::object to_json(const PoolUse& use) {
  return {{"pool", json_text(use.pool)}, {"kind", json_text(kind_name(use.kind))},
          {"size", number(use.size)},    {"held", use.held},
          {"active", use.active},        {"cooling", use.cooling},
          {"reserved", use.reserved},    {"pending", use.pending},
          {"free", number(use.free)},    {"excluded", use.excluded}};
}

json::object to_json(const Grant& grant) {
  json::object object = {{"lease_id", json_text(lease_id_text(grant.id))},
                         {"generation", grant.generation.value},
                         {"state", json_text(state_name(grant.state))}};
  add(object, grant.addresses);
  object["reasons"] = reasons(grant);
  object["lease_seconds"] = static_cast<double>(grant.lease_time.count()) / 1000;
  if (grant.lease_time.count() % 1000 == 0) {
    object["lease_seconds"] = grant.lease_time.count() / 1000;
  }
  return object;
}

json::object to_json(const Explanation& explanation) {
  json::array steps;
  for (const std::string& step : explanation.steps) steps.push_back(json_text(step));
  json::object object = {{"owner", json_text(explanation.owner)},
                         {"rule", json_text(explanation.rule)},
                         {"steps", std::move(steps)},
                         {"grant", nullptr},
                         {"error", nullptr}};
  if (!explanation.outcome) {
    object["error"] = to_json(explanation.outcome.error());
    return object;
  }
  json::object grant = to_json(*explanation.outcome);
  for (std::string_view nothing_yet : {"lease_id", "generation", "state"}) grant.erase(nothing_yet);
  object["grant"] = std::move(grant);
  return object;
}

json::value to_json(const std::optional<WallTime>& time) {
  if (!time) return nullptr;
  return json_text(format_time(*time));
}

json::string json_text(std::string_view text) {
  if (find_flaw(text).flaw == Flaw::none) return json::string(text.data(), text.size());
  std::string shown = printable(text);
  return json::string(shown.data(), shown.size());
}

}  // namespace berth
