// log_windows.cc - the event log, as source Berth; module/messages.mc has the texts around ours.
#include <windows.h>

#include "core/utf16.h"
#include "rras/log.h"

namespace berth::rras {
namespace {

// The longest text that ReportEvent takes, in UTF-16 units.
constexpr std::size_t kLongest = 31'839;

struct Kind {
  WORD type;
  DWORD id;  // in messages.mc: severity, and one number for each level
};

Kind kind_of(LogLevel level) {
  switch (level) {
    case LogLevel::error: return {EVENTLOG_ERROR_TYPE, 0xC0000001};
    case LogLevel::warning: return {EVENTLOG_WARNING_TYPE, 0x80000002};
    case LogLevel::information: return {EVENTLOG_INFORMATION_TYPE, 0x40000003};
    case LogLevel::debug: return {EVENTLOG_INFORMATION_TYPE, 0x40000004};
  }
  return {EVENTLOG_ERROR_TYPE, 0xC0000001};
}

}  // namespace

Log::Sink system_log() {
  return [](LogLevel level, const std::string& text) {
    // Opened for each entry: nothing is left behind when the module is unloaded (R18).
    const HANDLE source = RegisterEventSourceW(nullptr, L"Berth");
    if (source == nullptr) return;
    const std::u16string wide = utf16_of(text).value_or(u"?").substr(0, kLongest);
    const auto* words = reinterpret_cast<const wchar_t*>(wide.c_str());
    const Kind kind = kind_of(level);
    ReportEventW(source, kind.type, 0, kind.id, nullptr, 1, 0, &words, nullptr);
    DeregisterEventSource(source);
  };
}

}  // namespace berth::rras
