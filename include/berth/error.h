// error.h - why a call did not do what it was asked, and the result that carries it.
//
// Three kinds of failure exist. An answer that the caller does not like (the pool is full) and
// a world that failed (the disk is full) are an Error, returned as a value that nobody may drop.
// Our own mistake stops the process: BERTH_ASSERT, which stays on in what we ship.
//
// Every Error has a stable Code (part of the interface: scripts and access servers compare it),
// one sentence that names the thing and the number, and what to do about it.
//
//   Result<Ipv4> address = Ipv4::parse("10.8.0.300");
//   if (!address) std::cerr << address.error().what << '\n';
//
// No function of this library throws. All of this is safe to use from any thread.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace berth {

// Why, for programs. The text of each code (code_name) never changes; new ones may be added.
// docs/errors.md has a paragraph for each.
enum class Code : std::uint8_t {
  invalid,            // the request itself is wrong: a bad address, name, time or option
  settings_invalid,   // berth.toml does not say something that can be done
  import_invalid,     // a line of a file to import, or of events to play, is wrong
  no_pool,            // no rule gives this request a pool of a kind that it needs
  pool_exhausted,     // every address of the rule's pools is taken, reserved or cooling
  second_login,       // the owner is connected already and the rule says refuse
  address_taken,      // a named address is held, reserved, cooling, excluded or not in a pool
  not_found,          // no such lease, owner, pool, server or reservation
  stale,              // the message carries an older generation, or is of an earlier session
  foreign,            // the message names a lease of another owner or server
  busy,               // too much is waiting already; try again
  deadline,           // the answer did not come in the time that was allowed
  conflict,           // another node changed the same thing first, more often than we retry
  store_locked,       // another process writes this store
  store_full,         // there is no room on the disk
  store_unavailable,  // the store cannot be read or written now
  store_corrupt,      // what the store holds cannot be right
  store_newer,        // a later Berth wrote this store
  owners_collide,     // the new owner rules would make two owners one
};

// "pool_exhausted": the stable text of a code.
[[nodiscard]] std::string_view code_name(Code code);

struct Error {
  Code code = Code::invalid;
  std::string what;    // one sentence: "pool dial-in is full: 241 of 241 addresses are held"
  std::string remedy;  // what to do: "add a range to the pool, or shorten its cool_down"

  bool operator==(const Error&) const = default;
};

// A T, or the Error that says why there is none; no caller may drop it.
template <class T>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
};

// For calls that only succeed or fail.
using Done = Result<void>;

// Short for leaving early: return fail(Code::not_found, "no lease 7", "...").
[[nodiscard]] inline std::unexpected<Error> fail(Code code, std::string what,
                                                 std::string remedy = {}) {
  return std::unexpected(Error{code, std::move(what), std::move(remedy)});
}

// Stops the process with a message on standard error. Use BERTH_ASSERT.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace berth

// What must hold whatever the input was; when it does not, no further answer can be trusted.
#define BERTH_ASSERT(condition) \
  ((condition) ? void(0) : ::berth::assertion_failed(#condition, __FILE__, __LINE__))
