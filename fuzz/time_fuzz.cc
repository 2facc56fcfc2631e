// time_fuzz.cc - any bytes as a time or a duration.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "berth/time.h"

namespace berth {
namespace {

void try_time(std::string_view text) {
  auto time = parse_time(text);
  if (!time) return;
  BERTH_ASSERT(*time >= WallTime{});
  auto again = parse_time(format_time(*time));
  BERTH_ASSERT(again && *again == *time);
}

void try_duration(std::string_view text) {
  auto duration = parse_duration(text);
  if (!duration) return;
  BERTH_ASSERT(*duration >= Milliseconds{0} && *duration <= kMaxDuration);
  auto again = parse_duration(format_duration(*duration));
  BERTH_ASSERT(again && *again == *duration);
}

}  // namespace
}  // namespace berth

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  berth::try_time(text);
  berth::try_duration(text);
  return 0;
}
