// connection_probes.h - the callouts about connections and links, and what no RAS does.
#pragma once

#include "check/subject.h"
#include "ras/facts.h"

namespace berth::check {

// Connections of `user` with their links come and go; some are odd, some were never accepted: R61
// to R73, R80 to R85, R90 to R96. Then every callout is handed NULLs (R7), and Terminate is called
// (R14). What the module answers is its own business; that it answers is not. Loads the subject
// anew.
void probe_connections(Subject& subject, const std::u16string& user, Findings& findings);
void probe_nothing(Subject& subject, Findings& findings);
void probe_end(Subject& subject, Findings& findings);

}  // namespace berth::check
