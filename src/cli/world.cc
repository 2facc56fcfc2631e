// world.cc - finds the settings, and opens the doors to the store.
#include "cli/world.h"

#include <filesystem>
#include <utility>

#include "cli/files.h"
#include "core/owner_name.h"

namespace berth::cli {

namespace {

// A missing file is not_found, as a missing lease is; but without settings nothing was asked yet,
// so a run must not end with the exit code of an answer.
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
  return open_book(world, *found);
}

Result<std::unique_ptr<Book>> open_book(const World& world, const Settings& settings) {
  Result<std::unique_ptr<Book>> book = Book::open(settings.plan, {.path = settings.store,
                                                                  .clock = &world.clock,
                                                                  .chance = &world.chance,
                                                                  .time_away = TimeAway::counts});
  // What became due since the last command: holds and lease times, cool-downs, old history.
  if (book) (*book)->tick();
  return book;
}

Error no_store(std::string_view path) {
  return {Code::store_unavailable, "there is no store " + std::string(path),
          "name a store with --store; the first assign or reserve makes one"};
}

Result<std::unique_ptr<Reader>> open_reader(const World& world) {
  Result<std::string> path = store_path(world);
  if (!path) return std::unexpected(path.error());
  Result<std::unique_ptr<Reader>> reader = berth::open_reader(*path);
  if (!reader && reader.error().code == Code::not_found) {
    return std::unexpected(no_store(*path));
  }
  return reader;
}

Result<std::string> owner_of(const World& world, std::string_view user) {
  Result<Settings> found = settings(world);
  if (!found) return std::unexpected(found.error());
  return owner_of(*found, user);
}

Result<std::string> owner_of(const Settings& settings, std::string_view user) {
  Result<OwnerName> name = OwnerNamer(settings.plan.owners).name(user);
  if (!name) return std::unexpected(name.error());
  return name->owner;
}

}  // namespace berth::cli
