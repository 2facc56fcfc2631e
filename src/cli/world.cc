// world.cc - finds the settings, and opens the doors to the store.
#include "cli/world.h"

#include <filesystem>
#include <utility>

#include "cli/files.h"
#include "core/owner_name.h"

namespace berth::cli {

namespace {

// A file that is not there is a lease that is not there only by name: the exit code differs.
Error as_settings_error(Error error) {
  if (error.code == Code::not_found) error.code = Code::settings_invalid;
  return error;
}

}  // namespace

Result<std::string> find_settings(const World& world) {
  if (!world.settings_path.empty()) return world.settings_path;
  std::string places;
  for (const std::string& place : world.settings_places) {
    if (is_file(place)) return place;
    places += (places.empty() ? "" : ", ") + place;
  }
  return fail(Code::settings_invalid, "there are no settings; looked for " + places,
              "name a file with --settings; examples/berth.toml is one to start from");
}

Result<Settings> settings(const World& world) {
  Result<std::string> path = find_settings(world);
  if (!path) return std::unexpected(path.error());
  Result<Settings> settings = read_settings(*path);
  if (!settings) return std::unexpected(as_settings_error(settings.error()));
  if (!world.store_path.empty()) settings->store = world.store_path;
  return settings;
}

Result<std::string> store_path(const World& world) {
  if (!world.store_path.empty()) return world.store_path;
  Result<Settings> found = settings(world);
  if (!found) return std::unexpected(found.error());
  return found->store;
}

Result<std::unique_ptr<Book>> open_book(const World& world) {
  Result<Settings> found = settings(world);
  if (!found) return std::unexpected(found.error());
  Result<std::unique_ptr<Book>> book = Book::open(found->plan, {.path = found->store,
                                                                .clock = &world.clock,
                                                                .chance = &world.chance,
                                                                .time_away = TimeAway::counts});
  // What became due since the last command: holds and lease times, cool-downs, old history.
  if (book) (*book)->tick();
  return book;
}

Result<std::unique_ptr<Reader>> open_reader(const World& world) {
  Result<std::string> path = store_path(world);
  if (!path) return std::unexpected(path.error());
  Result<std::unique_ptr<Reader>> reader = berth::open_reader(*path);
  if (!reader && reader.error().code == Code::not_found) {
    return fail(Code::store_unavailable, reader.error().what,
                "name a store with --store; the first assign or reserve makes one");
  }
  return reader;
}

Result<std::string> owner_of(const World& world, std::string_view user) {
  Result<Settings> found = settings(world);
  if (!found) return std::unexpected(found.error());
  Result<OwnerName> name = OwnerNamer(found->plan.owners).name(user);
  if (!name) return std::unexpected(name.error());
  return name->owner;
}

}  // namespace berth::cli
