// event.cc - events in words.
#include "berth/event.h"

namespace berth {
namespace {

std::string_view code(const PoolEvent& event) {
  return event.reached ? "pool_threshold_reached" : "pool_threshold_left";
}

std::string_view code(const ServerEvent& event) {
  return event.silent ? "server_silent" : "server_heard";
}

std::string_view code(const OutsideEvent& /*event*/) { return "address_outside_pools"; }

std::string text(const PoolEvent& event) {
  return "pool " + event.pool + ": " + (event.reached ? "" : "fewer than ") +
         std::to_string(event.threshold) + " % of its " + std::string(kind_name(event.kind)) +
         " addresses are taken" + (event.reached ? ", " : " again, ") +
         std::to_string(event.taken) + " of " + std::to_string(event.size);
}

std::string text(const ServerEvent& event) {
  if (!event.silent) return "server " + event.server + ": it confirms sessions again";
  return "server " + event.server +
         ": it lets hold times run out and confirms no session; have it send accounting, or say "
         "confirms = false of it in the settings";
}

std::string text(const OutsideEvent& event) {
  return "module:" + event.module + " gave " + event.user + " on " + event.server + " " +
         event.addresses.to_string() +
         ", which lies in no pool; add it to one, or set foreign = \"refuse\"";
}

}  // namespace

std::string_view event_code(const Event& event) {
  return std::visit([](const auto& what) { return code(what); }, event.what);
}

std::string event_text(const Event& event) {
  return std::visit([](const auto& what) { return text(what); }, event.what);
}

}  // namespace berth
