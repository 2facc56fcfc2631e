// events_fuzz.cc - any bytes are events in order or an error with a place, and what was read
// survives a writing.
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "berth/error.h"
#include "play/events.h"

namespace berth::play {
namespace {

Result<std::vector<Event>> read(const std::string& text) {
  std::istringstream in(text);
  EventReader reader(in, "fuzz", text.size());
  std::vector<Event> events;
  for (Event event;;) {
    Result<bool> more = reader.next(event);
    if (!more) return std::unexpected(more.error());
    if (!*more) return events;
    BERTH_ASSERT(!event.server.empty() && event.user.size() <= kMaxUserBytes);
    BERTH_ASSERT(events.empty() || events.back().time <= event.time);
    BERTH_ASSERT(*reader.progress() >= 0 && *reader.progress() <= 1);
    events.push_back(event);
  }
}

std::string written(const std::vector<Event>& events) {
  std::ostringstream out;
  EventWriter writer(out);
  for (const Event& event : events) writer.write(event);
  return out.str();
}

void check(const std::string& text) {
  auto events = read(text);
  if (!events) {
    BERTH_ASSERT(events.error().what.starts_with("fuzz:"));
    return;
  }
  for (Event& event : *events) event.wants.reset();  // not written
  auto again = read(written(*events));
  BERTH_ASSERT(again && *again == *events);
}

}  // namespace
}  // namespace berth::play

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  berth::play::check(std::string(data, data + size));
  return 0;
}
