// image_fuzz.cc - any bytes are a library or an error, within the limits, and always the same one.
#include <cstdint>
#include <string_view>

#include "check/image.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const berth::Result<berth::check::Image> image = berth::check::read_image(bytes);
  if (!image) {
    BERTH_ASSERT(!image.error().what.empty() && !image.error().remedy.empty());
    return 0;
  }
  BERTH_ASSERT(!image->machine.empty());
  BERTH_ASSERT(image->exports.size() <= berth::check::kMostSymbols);
  BERTH_ASSERT(image->functions.size() <= berth::check::kMostSymbols);
  for (const berth::check::Export& each : image->exports) {
    BERTH_ASSERT(each.name.find('\0') == std::string_view::npos);
  }
  return 0;
}
