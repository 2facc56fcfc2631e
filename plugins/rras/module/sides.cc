// sides.cc - the sides of this process, from their first use to the end of the service.
#include "rras/module/sides.h"

#include <mutex>
#include <utility>

namespace berth::rras {
namespace {

union Held {
  std::shared_ptr<Sides> sides;
  constexpr Held() : sides() {}
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() {}  // NOLINT(modernize-use-equals-default): leaves what it holds alone
};

// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables): between two callouts it has no
// other place
std::mutex mutex;
constinit Held held;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

}  // namespace

std::shared_ptr<Sides> sides() {
  const std::lock_guard lock(mutex);
  if (!held.sides) held.sides = std::make_shared<Sides>();
  return held.sides;
}

void service_starts() {
  const std::lock_guard lock(mutex);
  if (held.sides) held.sides->desk.service_starts();
}

void service_stops() {
  std::unique_lock lock(mutex);
  const std::shared_ptr<Sides> last = std::exchange(held.sides, nullptr);
  lock.unlock();
  if (last) last->desk.close();
}

}  // namespace berth::rras
