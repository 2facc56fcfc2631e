// json_list_fuzz.cc - any bytes are a list of objects or an error with a line, and each object is
// found again when it stands alone.
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "berth/error.h"
#include "text/json_list.h"

namespace berth {
namespace {

Result<std::vector<std::string>> elements_of(const std::string& text) {
  std::istringstream in(text);
  JsonListReader reader(in, "fuzz");
  std::vector<std::string> elements;
  std::uint64_t line = 0;
  for (JsonElement element;;) {
    const Result<bool> more = reader.next(element);
    if (!more) return std::unexpected(more.error());
    if (!*more) return elements;
    BERTH_ASSERT(element.line >= line && element.text.size() <= kMaxJsonElementBytes);
    BERTH_ASSERT(element.text.starts_with('{') && element.text.ends_with('}'));
    line = element.line;
    elements.push_back(element.text);
  }
}

}  // namespace
}  // namespace berth

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto found = berth::elements_of(std::string(data, data + size));
  if (!found) {
    BERTH_ASSERT(found.error().what.starts_with("fuzz:"));
    return 0;
  }
  if (found->empty()) return 0;  // nothing at all is no list
  std::string lines;
  for (const std::string& element : *found) lines += element + "\n";
  const auto again = berth::elements_of(lines);
  BERTH_ASSERT(again && *again == *found);
  return 0;
}
