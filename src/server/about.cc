// about.cc - the service itself: is it well, and which is it?
#include <boost/json/object.hpp>

#include "server/errors_page.h"
#include "server/replies.h"
#include "server/routes.h"

namespace berth::server {

void get_health(Service& service, Visit visit) {
  static_cast<void>(service);
  visit.respond(json_reply(boost::json::object{{"status", "up"}}));
}

void get_version(Service& service, Visit visit) {
  visit.respond(json_reply(boost::json::object{{"version", service.version()}}));
}

void get_errors_page(Service& service, Visit visit) {
  static_cast<void>(service);
  visit.respond({.body = std::string(errors_page()), .type = "text/markdown; charset=utf-8"});
}

}  // namespace berth::server
