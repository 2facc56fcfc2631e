// target_fuzz.cc - any bytes as what stands behind GET: a path, and parameters.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "server/query.h"
#include "server/routes.h"
#include "server/session.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace berth::server;  // NOLINT(google-build-using-namespace)
  Asked asked;
  const std::string_view target(reinterpret_cast<const char*>(data), size);
  if (read_target(boost::beast::http::verb::get, target, asked)) return 0;
  std::vector<std::string> parts;
  for (const Route& route : all_routes()) {
    if (!matches(route.pattern, asked.path, parts)) continue;
    for (const std::string& each : parts) BERTH_ASSERT(!each.empty());
  }
  Query query(asked);
  static_cast<void>(query.text("user"));
  static_cast<void>(query.count("limit", 1, 10));
  static_cast<void>(query.time("at"));
  static_cast<void>(query.duration("window"));
  static_cast<void>(query.prefix("ipv6"));
  static_cast<void>(query.finish());
  return 0;
}
