// world.h - all that a verb may touch: streams, terminals, clock, and the doors to the store.
//
// main.cc makes the real one; a test hands in its own. The doors read the settings, open a Book
// (the one writer) or a Reader (beside a writer, without a lock), and say clearly which file was
// missing or wrong. One thread.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "berth/book.h"
#include "berth/error.h"
#include "berth/settings.h"
#include "berth/time.h"
#include "store/reader.h"

namespace berth::cli {

// What one stream ends in. Zero columns: a file or a pipe, so nothing is stacked, coloured or
// drawn over.
struct Terminal {
  int columns = 0;
  bool colour = false;  // false as well where NO_COLOR is set
  [[nodiscard]] bool is_there() const { return columns > 0; }
};

struct World {
  std::istream& in;
  std::ostream& out;  // answers
  std::ostream& err;  // remarks, progress, errors
  Clock& clock;
  Chance& chance;
  std::string version;
  Terminal out_terminal;
  Terminal err_terminal;
  bool in_is_terminal = false;  // somebody is there to answer a question

  // The global options.
  bool json = false;
  std::string settings_path;  // --settings; empty: the first of settings_places that is there
  std::string store_path;     // --store; empty: the one that the settings name

  // Where settings may be: $BERTH_SETTINGS, ./berth.toml, then the place of the system.
  std::vector<std::string> settings_places;
};

// The file that settings() reads. settings_invalid: there is none in any of the usual places.
[[nodiscard]] Result<std::string> find_settings(const World& world);

// The settings, with --store in place of their store where it was given. settings_invalid.
[[nodiscard]] Result<Settings> settings(const World& world);

// The store's path; needs no settings where --store was given.
[[nodiscard]] Result<std::string> store_path(const World& world);

// What a verb says that needs a store and finds none; store_unavailable.
[[nodiscard]] Error no_store(std::string_view path);

[[nodiscard]] Result<std::unique_ptr<Book>> open_book(const World& world);
// The same, for a verb that has read the settings already.
[[nodiscard]] Result<std::unique_ptr<Book>> open_book(const World& world, const Settings& settings);
[[nodiscard]] Result<std::unique_ptr<Reader>> open_reader(const World& world);

// A user name as the owner that the settings' rules make of it.
[[nodiscard]] Result<std::string> owner_of(const World& world, std::string_view user);
[[nodiscard]] Result<std::string> owner_of(const Settings& settings, std::string_view user);

}  // namespace berth::cli
