// groups.h - the groups of figures, each a story of its own in the file named for it.
#pragma once

#include <cstddef>

#include "figures/figure.h"

namespace berth::figures {

void allocator(const Options& options, Report& report);  // memory and speed at 10 million leases
void fullness(const Options& options, Report& report);   // a nearly full pool against a half full
void durable(const Options& options, Report& report);    // many callers, one sync
void sustained(const Options& options, Report& report);  // a minute of connects and disconnects
void restart(const Options& options, Report& report);    // from files to the first answer
void who_had(const Options& options, Report& report);    // one address among 20 million intervals
void callouts(const Options& options, Report& report);   // modules in processes of their own
void module(const Options& options, Report& report);     // Berth's own, beside its library
void http(const Options& options, Report& report);       // berthd beside a bare HTTP server

// The bytes of the change of one assignment, as `durable` makes them.
[[nodiscard]] std::size_t bytes_a_row();

}  // namespace berth::figures
