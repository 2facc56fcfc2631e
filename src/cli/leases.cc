// leases.cc - berth leases: who is connected now.
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/json.h"
#include "cli/table.h"
#include "cli/verbs.h"
#include "cli/words.h"

namespace berth::cli {

namespace {

struct Asked {
  std::string owner;
  std::string server;
  std::uint64_t limit = 1000;
};

// Stops the reader when there is enough; leases() knows that it is no failure.
Done enough() { return fail(Code::busy, "enough"); }

// Hands at most `asked.limit` leases to `each`; true where there would be more.
Result<bool> read(World& world, const Asked& asked, const std::function<void(const Lease&)>& each) {
  std::string owner;
  if (!asked.owner.empty()) {
    Result<std::string> name = owner_of(world, asked.owner);
    if (!name) return std::unexpected(name.error());
    owner = *name;
  }
  Result<std::unique_ptr<Reader>> reader = open_reader(world);
  if (!reader) return std::unexpected(reader.error());

  std::uint64_t count = 0;
  bool more = false;
  Done done = (*reader)->leases(owner, asked.server, [&](const Lease& lease) -> Done {
    more = asked.limit != 0 && count == asked.limit;
    if (more || !world.out) return enough();
    ++count;
    each(lease);
    return {};
  });
  if (!done && !more && world.out) return std::unexpected(done.error());
  return more;
}

Outcome leases(World& world, const Asked& asked) {
  Result<bool> more = false;
  if (world.json) {
    JsonList list(world.out);
    more = read(world, asked, [&](const Lease& lease) { list.add(to_json(lease)); });
    if (more) list.finish();
  } else {
    Table table(world,
                {{"OWNER"}, {"ADDRESS"}, {"SERVER"}, {"PORT"}, {"SESSION"}, {"STATE"}, {"SINCE"}});
    bool any = false;
    more = read(world, asked, [&](const Lease& lease) {
      any = true;
      table.add({lease.owner, address_cell(lease.addresses), lease.server, lease.port,
                 lease.session, std::string(state_name(lease.state)), time_cell(lease.started)});
    });
    table.finish();
    if (more && !any) world.err << "berth: nobody is connected\n";
  }
  if (!more) return std::unexpected(more.error());
  if (*more) {
    world.err << "berth: there are more than " << count_text(asked.limit)
              << "; --limit 0 shows all of them\n";
  }
  return Exit::done;
}

}  // namespace

Verb leases_verb() {
  return {
      .name = "leases",
      .summary = "lists who is connected now, and with which addresses",
      .manual =
          "Reads beside a process that writes the store, and sees every change that "
          "was acknowledged. The oldest lease comes first.",
      .example = "berth leases\nberth leases --server vpn1 --limit 20 --json",
      .options = [](CLI::App& app) -> Run {
        auto asked = std::make_shared<Asked>();
        app.add_option("--owner", asked->owner, "only leases of this user, in any spelling")
            ->type_name("NAME");
        app.add_option("--server", asked->server, "only leases of this server")->type_name("NAME");
        app.add_option("--limit", asked->limit, "at most so many; 0 for all, else 1000")
            ->type_name("COUNT");
        return [asked](World& world) { return leases(world, *asked); };
      }};
}

}  // namespace berth::cli
