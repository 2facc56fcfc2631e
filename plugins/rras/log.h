// log.h - what an administrator is told: the event log of Windows, syslog on Linux.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "berth/settings.h"

namespace berth::rras {

// Any thread may write; nothing is thrown.
class Log {
 public:
  using Sink = std::function<void(LogLevel, const std::string&)>;
  explicit Log(Sink sink) : sink_(std::move(sink)) {}

  // Of these and those before them (settings.h) is told; the others are dropped.
  void tell_up_to(LogLevel level) { level_ = level; }
  [[nodiscard]] bool tells(LogLevel level) const { return level <= level_; }
  void write(LogLevel level, const std::string& text) const noexcept;

 private:
  Sink sink_;
  std::atomic<LogLevel> level_ = LogLevel::information;
};

// "the pool is full; add a range": what is the matter, and what to do.
[[nodiscard]] std::string sentence_of(const Error& error);

// The log of the system, under the name Berth. One file for each system behind it.
[[nodiscard]] Log::Sink system_log();

}  // namespace berth::rras
