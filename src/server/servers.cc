// servers.cc - what access servers say of themselves: that they have started, which sessions they
// have.
#include <boost/json/array.hpp>

#include "server/replies.h"
#include "server/routes.h"
#include "wire/json.h"
#include "wire/requests.h"

namespace berth::server {

namespace json = boost::json;

namespace {

json::object to_object(const Listed& listed, const std::vector<Session>& sessions) {
  json::array adopted;
  for (const std::size_t each : listed.adopted) adopted.push_back(to_json(sessions[each]));
  json::array refused;
  for (const Listed::Refused& each : listed.refused) {
    json::object one = to_json(sessions[each.session]);
    one["error"] = to_json(each.why);
    refused.push_back(std::move(one));
  }
  json::array ghosts;
  for (const Lease& each : listed.ghosts) ghosts.push_back(to_json(each));
  return {{"known", listed.known},
          {"adopted", std::move(adopted)},
          {"refused", std::move(refused)},
          {"ghosts", std::move(ghosts)},
          {"ghost_count", listed.ghost_count},
          {"awaited", listed.awaited}};
}

}  // namespace

void post_boot(Service& service, Visit visit) {
  const Result<json::value> body = body_of(visit.asked);
  if (!body) return visit.respond(refusal(body.error()));
  Result<std::string> epoch = read_epoch(*body);
  if (!epoch) return visit.respond(refusal(epoch.error()));
  service.reply_patiently(
      std::move(visit.respond),
      [&book = service.book(), server = std::move(visit.parts[0]), epoch = *std::move(epoch)] {
        const Result<Booted> booted = book.server_booted(server, epoch);
        if (!booted) return refusal(booted.error());
        return json_reply(json::object{{"ended", booted->ended}, {"known", booted->known}});
      });
}

void post_sessions(Service& service, Visit visit) {
  service.reply_patiently(
      std::move(visit.respond),
      [&book = service.book(), server = std::move(visit.parts[0]), asked = std::move(visit.asked)] {
        const Result<json::value> body = body_of(asked);
        if (!body) return refusal(body.error());
        const Result<std::vector<Session>> sessions = read_sessions(*body);
        if (!sessions) return refusal(sessions.error());
        const Result<Listed> listed = book.server_listed(server, *sessions);
        if (!listed) return refusal(listed.error());
        return json_reply(to_object(*listed, *sessions));
      });
}

}  // namespace berth::server
