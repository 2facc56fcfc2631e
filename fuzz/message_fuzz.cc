// message_fuzz.cc - any bytes as what a worker process says: a module that went mad in there may
// have written it. What reads as an answer names its failure, if any, by one that there is.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "berth/error.h"
#include "ras/messages.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace berth::ras;  // NOLINT(google-build-using-namespace)
  MessageReader reader;
  reader.add({reinterpret_cast<const char*>(data), size});
  while (const auto message = reader.next()) {
    if (const auto* const answer = std::get_if<Answer>(&*message)) {
      BERTH_ASSERT(!answer->failure || answer->failure->how <= CallFailure::How::off);
    }
    if (const auto* const ready = std::get_if<Ready>(&*message)) {
      BERTH_ASSERT(ready->face.style <= Style::table);
    }
  }
  return 0;
}
