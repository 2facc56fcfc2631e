// routes.cc - the table, and how a path finds its row.
#include "server/routes.h"

namespace berth::server {
namespace {

constexpr Route kRoutes[] = {
    {Method::post, "/v1/connections", Right::trusted, post_connection},
    {Method::post, "/v1/connections/batch", Right::trusted, post_connections},
    {Method::post, "/v1/connections/confirm", Right::trusted, post_confirm},
    {Method::post, "/v1/connections/renew", Right::trusted, post_renew},
    {Method::post, "/v1/connections/release", Right::trusted, post_release},
    {Method::post, "/v1/servers/{server}/boot", Right::trusted, post_boot},
    {Method::post, "/v1/servers/{server}/sessions", Right::trusted, post_sessions},
    {Method::get, "/v1/leases", Right::trusted, get_leases},
    {Method::get, "/v1/leases/{lease_id}", Right::trusted, get_lease},
    {Method::get, "/v1/pools", Right::trusted, get_pools},
    {Method::get, "/v1/history", Right::trusted, get_history},
    {Method::get, "/v1/explain", Right::trusted, get_explanation},
    {Method::get, "/v1/reservations", Right::trusted, get_reservations},
    {Method::put, "/v1/reservations/{user}", Right::trusted, put_reservation},
    {Method::remove, "/v1/reservations/{user}", Right::trusted, delete_reservation},
    {Method::get, "/v1/version", Right::everybody, get_version},
    {Method::get, "/healthz", Right::everybody, get_health},
    {Method::get, "/help/errors", Right::everybody, get_errors_page},
};

}  // namespace

std::span<const Route> all_routes() { return kRoutes; }

bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& parts) {
  parts.clear();
  for (;;) {
    const std::string_view wanted = pattern.substr(0, pattern.find('/'));
    const std::string_view given = path.substr(0, path.find('/'));
    if (wanted.starts_with('{')) {
      if (given.empty()) return false;
      parts.emplace_back(given);
    } else if (wanted != given) {
      return false;
    }
    pattern.remove_prefix(wanted.size());
    path.remove_prefix(given.size());
    if (pattern.empty() || path.empty()) return pattern.empty() && path.empty();
    pattern.remove_prefix(1);  // both slashes
    path.remove_prefix(1);
  }
}

}  // namespace berth::server
