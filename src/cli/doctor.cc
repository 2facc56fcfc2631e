// doctor.cc - berth doctor: what is wrong with this machine?
#include <algorithm>
#include <ostream>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>

#include "cli/diagnosis.h"
#include "cli/json.h"
#include "cli/table.h"
#include "cli/verbs.h"
#include "text/printable.h"

namespace berth::cli {

namespace {

void print(World& world, const std::vector<Diagnosis>& found, bool good) {
  if (world.json) {
    boost::json::array answers;
    for (const Diagnosis& each : found) {
      answers.push_back(boost::json::object{{"state", json_text(state_name(each.state))},
                                            {"about", json_text(each.about)},
                                            {"what", json_text(each.what)},
                                            {"remedy", json_text(each.remedy)}});
    }
    print_json(world.out, {{"good", good}, {"answers", std::move(answers)}});
    return;
  }
  Table table(world, {{"STATE"}, {"ABOUT"}, {"WHAT"}, {"WHAT TO DO"}});
  for (const Diagnosis& each : found) {
    table.add({std::string(state_name(each.state)), each.about, each.what, each.remedy});
  }
  table.finish();
}

Outcome examine(World& world) {
  const std::vector<Diagnosis> found = diagnose(world);
  const bool good = std::ranges::count(found, Diagnosis::State::problem, &Diagnosis::state) == 0;
  print(world, found, good);
  return good ? Exit::done : Exit::refused;
}

}  // namespace

Verb doctor_verb() {
  return {
      .name = "doctor",
      .summary = "looks for what is wrong with this machine",
      .manual =
          "Asks whether the settings can be used, the store can be read, its folder is safe and "
          "writable, who holds its lock, and whether berth-worker is there. On Windows it also "
          "reads which administration modules are registered, in their order, and looks at the "
          "file of each: that it is there, is for this machine, that administrators alone can "
          "change it, and that the libraries it needs are found.\n\n"
          "Each answer is ok, a warning or a problem, and says what to do. Nothing is changed. "
          "The exit code is 1 where there is a problem.",
      .example = "berth doctor\nberth doctor --settings /etc/berth/berth.toml --json",
      .options = [](CLI::App&) -> Run { return [](World& world) { return examine(world); }; }};
}

}  // namespace berth::cli
