// log_posix.cc - syslog(3).
#include <syslog.h>

#include "rras/log.h"

namespace berth::rras {
namespace {

int priority_of(LogLevel level) {
  switch (level) {
    case LogLevel::error: return LOG_ERR;
    case LogLevel::warning: return LOG_WARNING;
    case LogLevel::information: return LOG_INFO;
    case LogLevel::debug: return LOG_DEBUG;
  }
  return LOG_ERR;
}

}  // namespace

// Without openlog(3): what the program says of itself stays as it is.
Log::Sink system_log() {
  return [](LogLevel level, const std::string& text) {
    syslog(LOG_DAEMON | priority_of(level), "berth: %s", text.c_str());
  };
}

}  // namespace berth::rras
