// history_parts.h - the parts of the index of history, as tables.
//
// A part covers the intervals of an unbroken run of sequences. It has four tables, by_ipv4_N,
// by_ipv6_N, by_delegated_N and by_name_N, and a row of the table `part`. What is done here
// belongs into the caller's transaction.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite.h"

namespace berth {

struct HistoryPart {
  std::int64_t id = 0;  // never used again
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::int64_t min_started = 0;
  std::int64_t max_ended = 0;
  [[nodiscard]] std::uint64_t rows() const { return last - first + 1; }
};

class HistoryParts {
 public:
  // The tables of a part, and the column that each is about.
  static constexpr std::array<std::string_view, 4> kColumns = {"ipv4", "ipv6", "delegated", "name"};
  [[nodiscard]] static std::string table(std::string_view column, std::int64_t part) {
    return "by_" + std::string(column) + "_" + std::to_string(part);
  }

  explicit HistoryParts(Database& db) : db_(db) {}

  // The oldest first.
  [[nodiscard]] std::vector<HistoryPart> all();

  // Makes the tables of a new part, and tells its number. It is no part before add().
  [[nodiscard]] std::int64_t make();
  void add(const HistoryPart& part);
  // Takes parts out, with their tables.
  void drop(const std::vector<HistoryPart>& parts);
  // Drops the tables of one that was never added.
  void drop_tables(std::int64_t id);

  // Deletes intervals, and their entries in the tables of these numbers.
  void delete_rows(const std::vector<std::int64_t>& ids,
                   const std::vector<std::uint64_t>& sequences);

  // The views by_ipv4 and so on, over all parts, for people with sqlite3.
  void make_views();

 private:
  Database& db_;
};

}  // namespace berth
