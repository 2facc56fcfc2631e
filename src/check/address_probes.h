// address_probes.h - the address callouts of a module, asked as RAS asks, and a little worse.
#pragma once

#include "check/subject.h"
#include "ras/facts.h"

namespace berth::check {

// Asks for addresses for `user` and for made-up ones, and gives all of them back: R20 to R33, R40
// and R46 to R48, R5 with odd names, and R122 in a process where Initialize was never called.
// Nothing happens to a family that the module has no callouts for. Loads the subject anew.
void probe_addresses(Subject& subject, const std::u16string& user, Findings& findings);

// Whether the bytes look as though they were in the order of the machine, not of the network:
// backwards they are a private address, and as they are they are not (R20). Pure.
[[nodiscard]] bool looks_swapped(const ras::CalloutAddress& address);

}  // namespace berth::check
