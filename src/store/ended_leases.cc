// ended_leases.cc - when to sweep, and how far.
#include "store/ended_leases.h"

namespace berth {
namespace {

// As many may be deleted with every batch, whatever that costs.
constexpr std::uint64_t kFew = 4096;
// More than these do not wait: about four batches of a store that is busy.
constexpr std::uint64_t kMany = 1 << 18;

}  // namespace

EndedLeases::EndedLeases(Database& db)
    : db_(db),
      add_(db.prepare("INSERT OR IGNORE INTO ended VALUES (?)")),
      last_(db.prepare("SELECT max(generation) FROM (SELECT generation FROM ended "
                       "WHERE generation > ? ORDER BY generation LIMIT ?)")),
      delete_rows_(db.prepare("DELETE FROM lease_row WHERE generation IN "
                              "(SELECT generation FROM ended WHERE generation BETWEEN ? AND ?)")),
      delete_ended_(db.prepare("DELETE FROM ended WHERE generation BETWEEN ? AND ?")),
      changes_(db.prepare("SELECT changes()")) {}

void EndedLeases::load() {
  waiting_ = static_cast<std::uint64_t>(db_.number("SELECT count(*) FROM ended"));
  added_ = 0;
}

void EndedLeases::add(std::uint64_t generation) {
  add_.run(generation);
  ++waiting_;
  ++added_;
}

void EndedLeases::sweep() {
  const bool quiet = added_ <= kFew;
  added_ = 0;
  if (quiet || waiting_ > kMany) sweep(waiting_ / 4 + kFew);
}

void EndedLeases::sweep(std::uint64_t most) {
  if (waiting_ == 0) return;
  if (most >= waiting_) swept_to_ = 0;
  if (!last_.with(swept_to_, most).step()) return;
  const bool at_the_end = last_.is_null(0);
  const std::int64_t last = at_the_end ? 0 : last_.number(0);
  last_.reset();
  if (!at_the_end) {
    delete_rows_.run(swept_to_ + 1, last);
    delete_ended_.run(swept_to_ + 1, last);
    if (changes_.with().step()) waiting_ -= static_cast<std::uint64_t>(changes_.number(0));
    changes_.reset();
  }
  swept_to_ = last;
}

}  // namespace berth
