// service.cc - finds the route, and keeps out who may not use it.
#include "server/service.h"

#include <exception>
#include <iostream>
#include <optional>

#include <boost/asio/post.hpp>
#include <boost/url/pct_string_view.hpp>

#include "core/quote.h"
#include "core/utf8.h"
#include "server/replies.h"
#include "server/routes.h"

namespace berth::server {
namespace {

Reply not_found(const std::string& path) {
  return refusal(404, "no_such_route", "there is nothing at " + quoted(path),
                 "docs/openapi.yaml has all routes");
}

Reply not_allowed(const std::string& path, const std::string& methods) {
  Reply reply =
      refusal(405, "not_allowed", quoted(path) + " does not take this method", "use " + methods);
  reply.headers.emplace_back("Allow", methods);
  return reply;
}

Reply no_clean_name(const std::string& path) {
  return refusal({Code::invalid, "a name in " + quoted(path) + " is no clean UTF-8",
                  "write it as UTF-8, with % and two digits for each byte that is no letter"});
}

// A slash in a name, %2F, parts nothing: so each is decoded by itself.
bool decode(std::vector<std::string>& parts) {
  for (std::string& each : parts) {
    const auto encoded = boost::urls::make_pct_string_view(each);
    if (!encoded) return false;
    each = encoded->decode();
    if (find_flaw(each).flaw != Flaw::none) return false;
  }
  return true;
}

Reply forbidden(const Caller& caller) {
  return refusal(403, "forbidden", caller.name + " may not do this",
                 "ask as root, or as the user whom berthd runs as");
}

}  // namespace

void Service::answer(Asked asked, Respond respond) try {
  std::string methods;
  std::vector<std::string> parts;
  for (const Route& route : all_routes()) {
    if (!matches(route.pattern, asked.path, parts)) continue;
    if (route.method != asked.method) {
      methods += (methods.empty() ? "" : ", ") + std::string(method_name(route.method));
      continue;
    }
    if (route.right == Right::trusted && !asked.caller.trusted) {
      return respond(forbidden(asked.caller));
    }
    if (!decode(parts)) return respond(no_clean_name(asked.path));
    return route.handle(*this, {std::move(asked), std::move(parts), std::move(respond)});
  }
  respond(methods.empty() ? not_found(asked.path) : not_allowed(asked.path, methods));
} catch (const std::exception& error) {
  // Want of memory, which only the standard library throws of here. The connection closes, as
  // `respond` is gone; what was asked for may have been done, and the same request again finds out.
  std::cerr << "berthd: a request is dropped: " << error.what() << '\n';
}

void Service::reply_patiently(Respond respond, std::move_only_function<Reply()> make) {
  if (waiting_.fetch_add(1) >= kMostPatient) {
    --waiting_;
    return respond(refusal(
        {Code::busy, "too many searches and lists wait for their turn", "try again in a moment"}));
  }
  boost::asio::post(patient_,
                    [this, respond = std::move(respond), make = std::move(make)]() mutable {
                      respond(make());
                      --waiting_;
                    });
}

}  // namespace berth::server
