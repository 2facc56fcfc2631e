// loans.cc - blocks of memory, each of which outlives its call.
#include "ras/loans.h"

#include <algorithm>

namespace berth::ras {
namespace {

constexpr std::size_t kKept = 16;  // what two to five calls had
constexpr std::uint8_t kFill = 0xd5;
// Behind everything that was lent: a text that is read later has an end all the same.
constexpr std::size_t kEnd = sizeof(WCHAR);

bool is_untouched(const std::vector<std::uint8_t>& block) {
  const std::size_t size = block.size() - kEnd;
  return block.front() == kFill && std::memcmp(block.data(), block.data() + 1, size - 1) == 0;
}

}  // namespace

void* Loans::lend_bytes(std::size_t size) {
  ++lent_;
  return blocks_.emplace_back(std::max<std::size_t>(size, 1) + kEnd).data();
}

WCHAR* Loans::lend_text(std::u16string_view text) {
  auto* const units = static_cast<WCHAR*>(lend_bytes((text.size() + 1) * sizeof(WCHAR)));
  std::ranges::copy(text, units);
  return units;
}

bool Loans::take_back() {
  const auto lent = blocks_.end() - static_cast<std::ptrdiff_t>(lent_);
  const bool untouched = std::all_of(blocks_.begin(), lent, is_untouched);
  std::for_each(untouched ? lent : blocks_.begin(), blocks_.end(),
                [](Block& each) { std::fill(each.begin(), each.end() - kEnd, kFill); });
  lent_ = 0;
  if (blocks_.size() > kKept) {
    blocks_.erase(blocks_.begin(), blocks_.end() - static_cast<std::ptrdiff_t>(kKept));
  }
  return untouched;
}

}  // namespace berth::ras
