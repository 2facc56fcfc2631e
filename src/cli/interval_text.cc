// interval_text.cc - prints rows of history.
#include "cli/interval_text.h"

#include "cli/json.h"
#include "cli/table.h"
#include "cli/words.h"

namespace berth::cli {

void print_intervals(World& world, const std::vector<Interval>& intervals) {
  if (world.json) {
    JsonList list(world.out);
    for (const Interval& interval : intervals) list.add(to_json(interval));
    list.finish();
    return;
  }
  Table table(
      world,
      {{"OWNER"}, {"ADDRESS"}, {"FROM"}, {"UNTIL"}, {"SERVER"}, {"PORT"}, {"SESSION"}, {"END"}});
  for (const Interval& row : intervals) {
    table.add({row.owner, address_cell(row.addresses), time_cell(row.started), time_cell(row.ended),
               row.server, row.port, row.session,
               row.ended ? std::string(cause_name(row.cause)) : "connected"});
  }
  table.finish();
}

}  // namespace berth::cli
