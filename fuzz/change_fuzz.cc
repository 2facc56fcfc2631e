// change_fuzz.cc - any bytes as a row of the journal.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/change.h"
#include "store/journal.h"
#include "store/recent.h"

namespace berth {
namespace {

std::string written(const Step& step) {
  std::string bytes;
  ChangeWriter(bytes).add(step);
  return bytes;
}

// What is read is written, read again and written as the same bytes; what ended is kept.
Done try_change(std::string_view change) {
  for (StepReader reader(change); !reader.done();) {
    const Result<Step> step = reader.next();
    if (!step) {
      BERTH_ASSERT(step.error().code == Code::store_corrupt);
      return std::unexpected(step.error());
    }
    const std::string bytes = written(*step);
    const Result<Step> again = StepReader(bytes).next();
    BERTH_ASSERT(again && written(*again) == bytes);
    const auto* end = std::get_if<End>(&*step);
    if (end == nullptr) continue;
    Recent recent;
    recent.add(*end);
    const bool is_kept = !recent.history(end->lease.owner, {}, 1).empty();
    const Moments all;
    for (const EndedRow& row : EndedRows(end->lease)) {
      BERTH_ASSERT(is_kept || !all.meets(row.started, end->ended));
    }
  }
  return {};
}

}  // namespace
}  // namespace berth

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (berth::Done done = berth::JournalRow::unpack(bytes, berth::try_change); !done) {
    BERTH_ASSERT(done.error().code == berth::Code::store_corrupt);
  }
  return 0;
}
