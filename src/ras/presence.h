// presence.h - which callouts a module must have: the check that RAS makes after Initialize.
//
// What is enforced is the smaller list, which real RAS insists on; what the documentation asks for
// beyond that is a warning, or with Strictness::documented a refusal, too (R98). Pure.
#pragma once

#include <string>
#include <vector>

#include "ras/callout.h"
#include "ras/refusal.h"

namespace berth::ras {

enum class Strictness : std::uint8_t { enforced, documented };

// What RAS collected of a module.
struct Face {
  Style style = Style::exports;
  std::uint8_t revision = 1;  // 1 of exports; of a table the byte that it begins with (R109)
  CalloutSet callouts;
};

// Warnings, each a sentence with its rule, or why the module is refused.
[[nodiscard]] Loaded<std::vector<std::string>> check_presence(const std::string& module,
                                                              const Face& face,
                                                              Strictness strictness);

// The flavours through which RAS tells this module of connections: the one that says most of
// those that it has; a table has the Ex ones alone (R64). Nothing where it has none.
struct Flavours {
  std::optional<Callout> accept_connection;
  std::optional<Callout> hang_up_connection;
  std::optional<Callout> accept_reauthentication;
};
[[nodiscard]] Flavours flavours_of(const Face& face);

}  // namespace berth::ras
