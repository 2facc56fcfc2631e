// static_check.h - what a module's file says about it before anything of it is run.
//
// Works on every system for the modules of both. Pure, but for what system.h is asked.
#pragma once

#include "check/finding.h"
#include "check/image.h"
#include "ras/presence.h"

namespace berth::check {

// Machine and kind (R110), names of exports (R2 to R4, R108), forwarders and needed libraries
// (R107), administration functions (R132). `path` is where the file lies: what lies beside it is
// not found by RAS, and is said to.
void check_image(const Image& image, const std::string& path, Findings& findings);

// The callouts that are exported by their names.
[[nodiscard]] ras::CalloutSet callouts_of(const Image& image);

// What RAS would make of the exports, where they are all that there is to see: pairs (R36, R45),
// flavours (R64) and what must be there (R98). Nothing is said about what a table would hold.
void check_exports(const Image& image, const std::string& path, Findings& findings);

// Through which flavours RAS would call what it has (R64), and what check_presence() warns of: what
// the documentation alone asks for.
void add_presence(const ras::Face& face, const std::vector<std::string>& warnings,
                  Findings& findings);
[[nodiscard]] Finding finding_of(const ras::Refusal& refusal);

}  // namespace berth::check
