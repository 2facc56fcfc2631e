// mark.h - which threads are inside a callout, and what that does to an administration function.
//
// A process that calls modules says when a callout begins and ends, on the thread that makes it;
// each administration function asks at first whether it may go on (R130, R131). Any thread may
// call. The process and libmprapi.so share no memory but this: it finds the two functions below by
// their names in the library that a module brought in.
#pragma once

#include <cstdint>

namespace berth::mprapi {

enum class Manner : std::uint8_t {
  checking,  // a call inside a callout does nothing, returns kInsideCallout and is told of
  faithful,  // it never returns, as with RAS
};

// What it returns then: ERROR_POSSIBLE_DEADLOCK.
inline constexpr std::uint32_t kInsideCallout = 1131;

// Exported by libmprapi.so. The arguments of the first: 0 checking, 1 faithful.
inline constexpr const char* kBegins = "berth_callout_begins";
inline constexpr const char* kEnded = "berth_callout_ended";
using Begins = void (*)(int faithful);
using Ended = const char* (*)();

// Callouts of one thread do not nest.
void callout_begins(Manner manner);
// The first administration function that this thread called since; nullptr: none.
const char* callout_ended();

// Of an administration function: whether it may go on. Inside a callout of its own thread: no, or
// never. On any other thread, where a faithful callout is under way: as soon as that has returned,
// so that who posted the work meets no harm, and who waits for it in the callout waits for ever.
// `function` is a literal.
[[nodiscard]] bool may_call(const char* function);

}  // namespace berth::mprapi
