// csv_fuzz.cc - any bytes are CSV or an error with a place, and what was read survives a writing.
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "berth/error.h"
#include "text/csv.h"

namespace berth {
namespace {

// Every row of `text` written again; nothing where the text is not CSV.
Result<std::string> rewritten(const std::string& text) {
  std::istringstream in(text);
  std::ostringstream out;
  CsvReader reader(in, "fuzz");
  for (CsvRow row;;) {
    Result<bool> more = reader.next(row);
    if (!more) return std::unexpected(more.error());
    if (!*more) return out.str();
    BERTH_ASSERT(!row.fields.empty() && row.fields.size() <= kMaxCsvFields);
    write_csv_row(out, row.fields);
  }
}

}  // namespace
}  // namespace berth

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(data, data + size);
  berth::Result<std::string> once = berth::rewritten(text);
  if (!once) {
    BERTH_ASSERT(once.error().what.starts_with("fuzz:"));
    return 0;
  }
  berth::Result<std::string> twice = berth::rewritten(*once);
  BERTH_ASSERT(twice && *twice == *once);
  return 0;
}
