// lease_text.h - what the verbs that name a lease say about it.
#pragma once

#include <string>

#include "berth/lease.h"

namespace berth::cli {

// "10.8.0.7 of ana on vpn1, session 17": a lease in half a sentence, printable.
[[nodiscard]] std::string in_words(const Lease& lease);

}  // namespace berth::cli
