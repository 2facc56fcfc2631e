// views.cc - addresses as dotted decimals, times as RFC 3339, states as words.
#include "store/views.h"

#include <string>

namespace berth {
namespace {

// IPv6 is written in full, eight groups of four digits: RFC 5952 needs more than SQL has.
std::string ipv4_text(const std::string& column) {
  return "(" + column + " >> 24) || '.' || ((" + column + " >> 16) & 255) || '.' || ((" + column +
         " >> 8) & 255) || '.' || (" + column + " & 255)";
}

std::string ipv6_text(const std::string& column) {
  std::string text;
  for (int group = 0; group < 8; ++group) {
    text += (group == 0 ? "lower(substr(hex(" : " || ':' || lower(substr(hex(") + column + "), " +
            std::to_string(4 * group + 1) + ", 4))";
  }
  // The last byte is the length: two hexadecimal digits, read as a number.
  const std::string digit = "instr('123456789ABCDEF', substr(hex(" + column + "), ";
  return text + " || '/' || (" + digit + "33, 1)) * 16 + " + digit + "34, 1)))";
}

std::string time_text(const std::string& column) {
  return "strftime('%Y-%m-%dT%H:%M:%fZ', " + column + " / 1000.0, 'unixepoch')";
}

std::string user_text(const std::string& name) {
  return "iif(" + name + ".user = '', " + name + ".owner, " + name + ".user)";
}

}  // namespace

void make_people_views(Database& db) {
  for (const char* view : {"leases", "history", "addresses", "reservations"}) {
    db.exec("DROP VIEW IF EXISTS " + std::string(view));
  }
  db.exec("CREATE VIEW leases AS SELECT iif(l.active, 'active', 'held') AS state, n.owner, " +
          user_text("n") + " AS user, s.name AS server, l.port, l.session, " + ipv4_text("l.ipv4") +
          " AS ipv4, " + ipv6_text("l.ipv6") + " AS ipv6, " + ipv6_text("l.delegated") +
          " AS delegated, " +
          time_text("coalesce(l.started_ipv4, l.started_ipv6, l.started_delegated)") +
          " AS started, " + time_text("l.renewed") +
          " AS renewed, printf('%016x', l.id) AS lease, l.generation "
          "FROM lease l JOIN name n ON n.id = l.name JOIN server s ON s.id = l.server");
  db.exec("CREATE VIEW history AS SELECT i.sequence, n.owner, " + user_text("n") +
          " AS user, s.name AS server, i.port, i.session, " + ipv4_text("i.ipv4") + " AS ipv4, " +
          ipv6_text("i.ipv6") + " AS ipv6, " + ipv6_text("i.delegated") + " AS delegated, " +
          time_text("i.started") + " AS started, " + time_text("i.ended") +
          " AS ended, CASE i.cause WHEN 0 THEN 'released' WHEN 1 THEN 'hold_expired' "
          "WHEN 2 THEN 'lease_expired' WHEN 3 THEN 'superseded' WHEN 4 THEN 'taken_over' "
          "WHEN 5 THEN 'server_boot' WHEN 6 THEN 'operator_action' END AS cause, "
          "printf('%016x', i.lease) AS lease, i.generation "
          "FROM interval i JOIN name n ON n.id = i.name JOIN server s ON s.id = i.server");
  const auto slots = [](const std::string& table, const std::string& text) {
    return "SELECT " + text +
           " AS address, iif(x.lease IS NULL, 'given back', 'held') AS state, "
           "x.lease AS generation, n.owner AS owner, " +
           time_text("x.ended") + " AS ended FROM " + table +
           " x LEFT JOIN name n ON n.id = x.name";
  };
  db.exec("CREATE VIEW addresses AS " + slots("slot_ipv4", ipv4_text("x.ipv4")) + " UNION ALL " +
          slots("slot_ipv6", ipv6_text("x.ipv6")) + " UNION ALL " +
          slots("slot_delegated", ipv6_text("x.delegated")));
  db.exec("CREATE VIEW reservations AS SELECT n.owner, " + user_text("n") + " AS user, " +
          ipv4_text("r.ipv4") + " AS ipv4, " + ipv6_text("r.ipv6") + " AS ipv6, " +
          ipv6_text("r.delegated") +
          " AS delegated FROM reservation r "
          "JOIN name n ON n.id = r.name");
}

}  // namespace berth
