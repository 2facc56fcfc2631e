// spool_fuzz.cc - any bytes as a line of an ended connection; what was read survives a writing.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "berth/error.h"
#include "rras/spool.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using berth::rras::parse_ended;
  const auto ended = parse_ended({reinterpret_cast<const char*>(data), size});
  if (!ended) return 0;
  BERTH_ASSERT(ended->user.find('\t') == std::string::npos);
  BERTH_ASSERT(parse_ended(berth::rras::line_of(*ended)) == ended);
  return 0;
}
