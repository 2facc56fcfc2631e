// boot.cc - berth boot: a server started anew.
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/json.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "text/printable.h"

namespace berth::cli {

namespace {

struct Asked {
  std::string server;
  std::string epoch;
};

Outcome boot(World& world, const Asked& asked) {
  Result<std::unique_ptr<Book>> book = open_book(world);
  if (!book) return std::unexpected(book.error());
  Result<Booted> booted = (*book)->server_booted(asked.server, asked.epoch);
  if (!booted) return std::unexpected(booted.error());

  if (world.json) {
    print_json(world.out, {{"server", asked.server},
                           {"epoch", asked.epoch},
                           {"known", booted->known},
                           {"ended_leases", booted->ended}});
  } else if (booted->known) {
    world.out << "this boot of " << printable(asked.server) << " was known; nothing was done\n";
  } else {
    world.out << count_of(booted->ended, "lease") << " of " << printable(asked.server)
              << " ended\n";
  }
  return Exit::done;
}

}  // namespace

Verb boot_verb() {
  return {.name = "boot",
          .summary = "says that a server started anew",
          .manual =
              "The leases of the server that began before this end, and their addresses "
              "cool down. EPOCH is any text that changes with each start, such as a boot "
              "id; the same one again ends nothing.",
          .example = "berth boot vpn1 \"$(cat /proc/sys/kernel/random/boot_id)\"",
          .options = [](CLI::App& app) -> Run {
            auto asked = std::make_shared<Asked>();
            app.add_option("SERVER", asked->server, "the server that started")->required();
            app.add_option("EPOCH", asked->epoch, "what tells this start from others")->required();
            return [asked](World& world) { return boot(world, *asked); };
          }};
}

}  // namespace berth::cli
