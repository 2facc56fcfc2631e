// log.cc - which entries are written.
#include "rras/log.h"

namespace berth::rras {

void Log::write(LogLevel level, const std::string& text) const noexcept try {
  if (tells(level)) sink_(level, text);
} catch (...) {  // NOLINT(bugprone-empty-catch): a user's address is worth more than an entry
}

std::string sentence_of(const Error& error) {
  return error.remedy.empty() ? error.what : error.what + "; " + error.remedy;
}

}  // namespace berth::rras
