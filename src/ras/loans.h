// loans.h - the memory that a module gets for one call, and may not touch afterwards (R6).
//
//   lend() ──▶ the module is called ──▶ take_back()
//
// What has been taken back is kept for a few calls more, full of one byte: a module that writes
// through a pointer that it kept hits nothing else, and is found; one that reads, reads rubbish.
// One call at a time.
#pragma once

#include <cstdint>
#include <cstring>
#include <deque>
#include <string_view>
#include <type_traits>
#include <vector>

#include <ras_admin_module.h>

namespace berth::ras {

class Loans {
 public:
  // A copy of it, aligned for anything.
  template <class T>
  [[nodiscard]] T* lend(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    void* const memory = lend_bytes(sizeof value);
    std::memcpy(memory, &value, sizeof value);
    return static_cast<T*>(memory);
  }
  // With a zero at its end, which stays.
  [[nodiscard]] WCHAR* lend_text(std::u16string_view text);
  // So many bytes, all zero.
  [[nodiscard]] void* lend_bytes(std::size_t size);

  // The call has returned. False: somebody wrote to what was lent for an earlier one.
  [[nodiscard]] bool take_back();

 private:
  using Block = std::vector<std::uint8_t>;
  std::deque<Block> blocks_;  // those that were taken back first
  std::size_t lent_ = 0;      // so many at the end are lent
};

}  // namespace berth::ras
