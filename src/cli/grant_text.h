// grant_text.h - what assign and explain say about the addresses of a grant.
#pragma once

#include "berth/lease.h"
#include "cli/world.h"

namespace berth::cli {

// One line an address, with the reason why it is this one.
void print_addresses(World& world, const Grant& grant);

}  // namespace berth::cli
