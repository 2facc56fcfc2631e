// explain.cc - berth explain: what assign would answer, and why.
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/files.h"
#include "cli/grant_text.h"
#include "cli/json.h"
#include "cli/request_options.h"
#include "cli/verbs.h"
#include "text/printable.h"

namespace berth::cli {

namespace {

void print(World& world, const Explanation& explanation) {
  world.out << "owner  " << printable(explanation.owner) << '\n';
  world.out << "rule   " << printable(explanation.rule) << '\n';
  for (const std::string& step : explanation.steps) world.out << "  " << printable(step) << '\n';
  if (explanation.outcome) {
    world.out << "it would be given\n";
    print_addresses(world, *explanation.outcome);
    return;
  }
  const Error& error = explanation.outcome.error();
  world.out << "it would be refused (" << code_name(error.code) << "): " << printable(error.what)
            << '\n';
  if (!error.remedy.empty()) world.out << "  " << printable(error.remedy) << '\n';
}

Outcome explain(World& world, const RequestOptions& asked) {
  Result<Request> request = asked.request();
  if (!request) return std::unexpected(request.error());
  Result<std::string> store = store_path(world);
  if (!store) return std::unexpected(store.error());
  if (!is_file(*store)) return std::unexpected(no_store(*store));  // a book would make one
  Result<std::unique_ptr<Book>> book = open_book(world);
  if (!book) return std::unexpected(book.error());
  Result<Explanation> explanation = (*book)->explain(*request);
  if (!explanation) return std::unexpected(explanation.error());

  if (world.json) {
    print_json(world.out, to_json(*explanation));
  } else {
    print(world, *explanation);
  }
  return explanation->outcome ? Exit::done : Exit::refused;
}

}  // namespace

Verb explain_verb() {
  return {.name = "explain",
          .summary = "says what assign would answer, and why; changes nothing",
          .manual =
              "Shows the owner that the name stands for, the rule that matched and every "
              "step of the choice. The exit code is 1 where assign would refuse. The store must "
              "be there; while explain looks it has the store for itself, so it is refused as "
              "store_locked beside a process that writes.",
          .example = "berth explain --user ana --server vpn1 --session 18",
          .options = [](CLI::App& app) -> Run {
            return [asked = RequestOptions::declare(app)](World& world) {
              return explain(world, *asked);
            };
          }};
}

}  // namespace berth::cli
