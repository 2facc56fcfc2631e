// notices.cc - from what RAS says to a line in the spool.
#include "rras/notices.h"

#include "berth/lease.h"
#include "core/owner_name.h"

namespace berth::rras {

void Notices::accepted(const Connection& connection) try {
  const std::lock_guard lock(mutex_);
  if (up_.size() >= kMostUp) return;
  up_[connection.handle] = {system_clock().wall(), connection.ipv4, connection.identifier};
} catch (const std::exception& error) {
  log_.write(LogLevel::error, std::string("a callout failed: ") + error.what());
}

void Notices::ended(const Connection& connection) try {
  const std::lock_guard lock(mutex_);
  Ended ended{.ended = system_clock().wall(),
              .accepted = {},
              .seconds = connection.seconds,
              .ipv4 = connection.ipv4,
              .identifier = connection.identifier,
              .user = connection.user};
  if (const auto up = up_.find(connection.handle); up != up_.end()) {
    ended.accepted = up->second.accepted;
    if (up->second.ipv4) ended.ipv4 = up->second.ipv4;
    if (up->second.identifier) ended.identifier = up->second.identifier;
    up_.erase(up);
  }
  if (!ended.ipv4 && !ended.identifier) return;
  // A name with a tab in it would be two fields; nobody of that name was given an address.
  if (!check_text(ended.user, kMaxUserBytes, "user")) return;
  const Result<std::string> path = spool_path();
  const Done done = path ? Spool(*path).add(ended) : Done(std::unexpected(path.error()));
  if (!done) {
    log_.write(LogLevel::warning,
               "the end of a connection is not noted: " + sentence_of(done.error()));
  }
} catch (const std::exception& error) {
  log_.write(LogLevel::error, std::string("a callout failed: ") + error.what());
}

Result<std::string> Notices::spool_path() {
  if (!spool_path_.empty()) return spool_path_;
  const Result<Settings> settings = settings_();
  if (!settings) return std::unexpected(settings.error());
  log_.tell_up_to(settings->rras.log);
  spool_path_ = Spool::path_of(settings->store);
  return spool_path_;
}

}  // namespace berth::rras
