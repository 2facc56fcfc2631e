// routes.h - the table of all routes. To add one: a row in routes.cc, its handler in the file of
// its subject, its paragraph in docs/openapi.yaml. A test compares the three.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/service.h"

namespace berth::server {

// A request on its way through a route.
struct Visit {
  Asked asked;
  std::vector<std::string> parts;  // what stands for {…} in the pattern, in that order
  Respond respond;
};

// Who may use a route.
enum class Right : std::uint8_t {
  everybody,  // says nothing of anybody
  trusted,
};

struct Route {
  Method method;
  std::string_view pattern;  // "/v1/servers/{server}/boot"
  Right right;
  void (*handle)(Service& service, Visit visit);
};

[[nodiscard]] std::span<const Route> all_routes();

// The parts where `path` is of this pattern. A part is not empty and has no slash.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view path,
                           std::vector<std::string>& parts);

// --- Handlers, by subject ---

void post_connection(Service& service, Visit visit);  // connections.cc
void post_connections(Service& service, Visit visit);
void post_confirm(Service& service, Visit visit);
void post_renew(Service& service, Visit visit);
void post_release(Service& service, Visit visit);

void post_boot(Service& service, Visit visit);  // servers.cc
void post_sessions(Service& service, Visit visit);

void get_leases(Service& service, Visit visit);  // lookups.cc
void get_lease(Service& service, Visit visit);
void get_pools(Service& service, Visit visit);
void get_history(Service& service, Visit visit);
void get_explanation(Service& service, Visit visit);

void get_reservations(Service& service, Visit visit);  // reservations.cc
void put_reservation(Service& service, Visit visit);
void delete_reservation(Service& service, Visit visit);

void get_health(Service& service, Visit visit);  // about.cc
void get_version(Service& service, Visit visit);
void get_errors_page(Service& service, Visit visit);

}  // namespace berth::server
