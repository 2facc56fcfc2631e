// sign_of_life.h - what confirm and renew have in common.
#pragma once

#include <string_view>

#include "cli/lease_options.h"

namespace berth::cli {

// Makes the call for the lease that was named, and shows what became of it behind `done`.
Outcome tell_alive(World& world, const LeaseOptions& asked, Done (Book::*call)(const LeaseRef&),
                   std::string_view done);

}  // namespace berth::cli
