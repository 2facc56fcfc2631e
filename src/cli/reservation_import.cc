// reservation_import.cc - names, rehearses and makes the reservations of a file.
#include "cli/reservation_import.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <span>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "cli/progress.h"
#include "cli/words.h"
#include "core/owner_name.h"
#include "core/quote.h"

namespace berth::cli {

namespace {

// Each address that is there, with its kind.
template <class Each>
void each_address(const Addresses& addresses, Each&& each) {
  if (addresses.ipv4) each(Kind::ipv4, addresses.ipv4->to_string());
  if (addresses.ipv6) each(Kind::ipv6, addresses.ipv6->to_string());
  if (addresses.delegated) each(Kind::delegated, addresses.delegated->to_string());
}

// What must be done with the lines, in this order.
struct Work {
  // They take the place of what is reserved now, so what one gives up another may take: one after
  // the other, as they stand in the file and as they were rehearsed.
  std::vector<const ReservationLine*> in_order;
  // They touch nothing that is reserved now, nor each other.
  std::vector<const ReservationLine*> in_any_order;
};

// True where `now` has all that the line keeps.
bool is_kept(const Addresses& now, const Addresses& line) {
  return (!line.ipv4 || now.ipv4 == line.ipv4) && (!line.ipv6 || now.ipv6 == line.ipv6) &&
         (!line.delegated || now.delegated == line.delegated);
}

Work sorted(const std::vector<Reservation>& existing, const std::vector<ReservationLine>& lines) {
  std::unordered_map<std::string_view, const Addresses*> kept;  // by owner
  std::unordered_set<std::string> taken;
  for (const Reservation& reservation : existing) {
    kept.emplace(reservation.owner, &reservation.addresses);
    each_address(reservation.addresses, [&](Kind, const std::string& text) { taken.insert(text); });
  }
  Work work;
  for (const ReservationLine& line : lines) {
    auto now = kept.find(line.owner);
    if (now != kept.end() && is_kept(*now->second, line.addresses)) continue;
    bool touches = now != kept.end();
    each_address(line.addresses,
                 [&](Kind, const std::string& text) { touches |= taken.contains(text); });
    (touches ? work.in_order : work.in_any_order).push_back(&line);
  }
  return work;
}

// Callers at the same time share a sync of the store, so many of them make it fast.
Done reserve_together(Book& book, std::span<const ReservationLine* const> block) {
  constexpr std::size_t kCallers = 64;
  std::atomic<std::size_t> next = 0;
  std::mutex guard;
  Done outcome;  // guarded: the first failure
  auto call = [&] {
    for (std::size_t i = next++; i < block.size(); i = next++) {
      Done reserved = book.reserve(block[i]->user, block[i]->addresses);
      if (reserved) continue;
      std::lock_guard hold(guard);
      if (outcome) outcome = reserved;
      next = block.size();
    }
  };
  std::vector<std::jthread> callers;
  for (std::size_t i = 1; i < std::min(kCallers, block.size()); ++i) callers.emplace_back(call);
  call();
  for (std::jthread& caller : callers) caller.join();
  return outcome;
}

}  // namespace

Done name_owners(const OwnerRules& rules, const std::string& file,
                 std::vector<ReservationLine>& lines) {
  OwnerNamer namer(rules);
  std::unordered_map<std::string, std::array<std::uint64_t, kKinds>> lines_of;
  for (ReservationLine& line : lines) {
    Result<OwnerName> name = namer.name(line.user);
    if (!name) {
      return std::unexpected(error_at(file, line.line, name.error().what, name.error().remedy));
    }
    line.owner = std::move(name->owner);
    auto& earlier = lines_of[line.owner];
    Done done;
    each_address(line.addresses, [&](Kind kind, const std::string&) {
      std::uint64_t& other = earlier[static_cast<std::size_t>(kind)];
      if (other != 0) {
        done = std::unexpected(error_at(file, line.line,
                                        berth::quoted(line.owner) + " has an " +
                                            std::string(kind_name(kind)) + " address in line " +
                                            std::to_string(other) + " already",
                                        "leave one of the two"));
      }
      other = line.line;
    });
    if (!done) return done;
  }
  return {};
}

Done rehearse(World& world, const Plan& plan, const std::vector<Reservation>& existing,
              const std::string& file, const std::vector<ReservationLine>& lines) {
  Result<std::unique_ptr<Book>> stage =
      Book::open(plan, {.path = "", .clock = &world.clock, .chance = &world.chance});
  if (!stage) return std::unexpected(stage.error());
  for (const Reservation& reservation : existing) {
    // One outside today's pools is kept by the store, but stands in nobody's way here.
    (void)(*stage)->reserve(reservation.user, reservation.addresses);
  }
  Progress progress(world, "checking");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Done done = (*stage)->reserve(lines[i].user, lines[i].addresses);
    if (!done) {
      return std::unexpected(error_at(file, lines[i].line, done.error().what, done.error().remedy));
    }
    progress.at(i + 1, lines.size());
  }
  return {};
}

Done reserve_all(World& world, Book& book, const std::vector<Reservation>& existing,
                 const std::vector<ReservationLine>& lines) {
  constexpr std::size_t kBlock = 4096;  // between two steps of the progress bar
  Work work = sorted(existing, lines);
  std::size_t total = work.in_order.size() + work.in_any_order.size();
  std::size_t finished = 0;
  Progress progress(world, "importing");
  auto stopped = [&](Error error) {
    error.what +=
        "; the import stopped after " + count_text(finished) + " of " + count_of(total, "change");
    error.remedy += "; then run the import again, which goes on where it stopped";
    return std::unexpected(error);
  };

  for (const ReservationLine* line : work.in_order) {
    Done done = book.reserve(line->user, line->addresses);
    if (!done) return stopped(done.error());
    progress.at(++finished, total);
  }
  std::span<const ReservationLine* const> rest(work.in_any_order);
  while (!rest.empty()) {
    auto block = rest.first(std::min(kBlock, rest.size()));
    if (Done done = reserve_together(book, block); !done) return stopped(done.error());
    finished += block.size();
    progress.at(finished, total);
    rest = rest.subspan(block.size());
  }
  return {};
}

}  // namespace berth::cli
