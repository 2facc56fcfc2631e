// lag.cc - looks at both files from outside.
#include "figures/lag.h"

#include <algorithm>

namespace berth::figures {

Lag::Lag(const std::string& store) : tables_(store), journal_(store + ".journal") {}

Lag::Sample Lag::sample() {
  const double now = watch_.seconds();
  const std::int64_t applied = tables_.number("SELECT value FROM state WHERE key = 'applied'");
  const std::int64_t last = std::max(
      applied,
      journal_.number("SELECT revision + changes - 1 FROM journal ORDER BY revision DESC LIMIT 1"));
  if (seen_.empty() || seen_.back().revision != last) seen_.push_back({now, last});
  while (!seen_.empty() && seen_.front().revision <= applied) seen_.pop_front();
  return {static_cast<std::uint64_t>(last - applied), seen_.empty() ? 0 : now - seen_.front().at};
}

}  // namespace berth::figures
