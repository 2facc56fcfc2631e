// describe.h - from what RAS knows to the structures that a callout is given.
//
// Every member is set (R141); what Berth does not count is 0. The plain addresses are the server's,
// the Remote ones the client's, in every structure (R145). Pure; any thread.
#pragma once

#include <vector>

#include "ras/facts.h"
#include <ras_admin_module.h>

namespace berth::ras {

// One connection in all its forms; a flavour takes those that it knows.
struct DescribedConnection {
  RAS_CONNECTION_0 zero;
  RAS_CONNECTION_1 one;
  RAS_CONNECTION_2 two;
  RAS_CONNECTION_3 three;
  RAS_CONNECTION_EX ex;
};
struct DescribedLink {
  RAS_PORT_0 zero;
  RAS_PORT_1 one;
};

// Names that are too long for their member must have been refused before.
[[nodiscard]] DescribedConnection describe(const ConnectionFacts& facts);
[[nodiscard]] DescribedLink describe(const LinkFacts& facts);
// In `memory`, which it sizes.
[[nodiscard]] AUTH_VALIDATION_EX& describe(const PreauthenticationFacts& facts,
                                           std::vector<std::uint64_t>& memory);

}  // namespace berth::ras
