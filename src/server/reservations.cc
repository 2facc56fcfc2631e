// reservations.cc - addresses that belong to one owner.
#include <boost/json/array.hpp>

#include "server/query.h"
#include "server/replies.h"
#include "server/routes.h"
#include "wire/json.h"
#include "wire/requests.h"

namespace berth::server {

namespace json = boost::json;

void get_reservations(Service& service, Visit visit) {
  Query query(visit.asked);
  if (const Done done = query.finish(); !done) return visit.respond(refusal(done.error()));
  service.reply_patiently(std::move(visit.respond), [&book = service.book()] {
    json::array all;
    for (const Reservation& each : book.reservations()) all.push_back(to_json(each));
    return json_reply(json::object{{"reservations", std::move(all)}});
  });
}

// Those kinds that the body has; others stay as they are.
void put_reservation(Service& service, Visit visit) {
  const Result<json::value> body = body_of(visit.asked);
  if (!body) return visit.respond(refusal(body.error()));
  Result<Addresses> addresses = read_addresses(*body);
  if (!addresses) return visit.respond(refusal(addresses.error()));
  service.reply_patiently(std::move(visit.respond),
                          [&book = service.book(), user = std::move(visit.parts[0]),
                           addresses = *std::move(addresses)] {
                            const Done done = book.reserve(user, addresses);
                            return done ? empty_reply() : refusal(done.error());
                          });
}

// All of the user's, or those that are named: ?ipv4=10.8.0.7.
void delete_reservation(Service& service, Visit visit) {
  Query query(visit.asked);
  const Addresses named{.ipv4 = query.ipv4("ipv4"),
                        .ipv6 = query.prefix("ipv6"),
                        .delegated = query.prefix("delegated")};
  if (const Done done = query.finish(); !done) return visit.respond(refusal(done.error()));
  service.reply_patiently(
      std::move(visit.respond),
      [&book = service.book(), user = std::move(visit.parts[0]), named]() -> Reply {
        const Done done = book.unreserve(user, named);
        return done ? empty_reply() : refusal(done.error());
      });
}

}  // namespace berth::server
