// owner_name_fuzz.cc - any bytes as a user name, under several rules.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "berth/lease.h"
#include "core/owner_name.h"
#include "core/utf8.h"

namespace berth {
namespace {

void try_name(const OwnerRules& rules, std::string_view raw) {
  OwnerNamer namer(rules);
  auto name = namer.name(raw);
  if (!name) {
    BERTH_ASSERT(name.error().code == Code::invalid && name.error().what.size() <= 600);
    BERTH_ASSERT(find_flaw(name.error().what).flaw == Flaw::none);
    return;
  }
  BERTH_ASSERT(!name->owner.empty() && raw.size() <= kMaxUserBytes);
  BERTH_ASSERT(find_flaw(name->owner).flaw == Flaw::none);
  BERTH_ASSERT(find_flaw(name->realm).flaw == Flaw::none);
  // Where nothing is cut, an owner's canonical name means the same owner. A realm that replaces a
  // domain can make a name longer than names may be.
  if (!rules.keep_domain || !rules.keep_realm || name->owner.size() > kMaxUserBytes) return;
  auto again = namer.name(name->owner);
  BERTH_ASSERT(again && again->owner == name->owner && again->realm == name->realm);
}

}  // namespace
}  // namespace berth

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view raw(reinterpret_cast<const char*>(data), size);
  berth::try_name({}, raw);
  berth::try_name({.domain_realms = {{"CORP", "corp.example"}}}, raw);
  berth::try_name({.fold_case = false, .keep_domain = false}, raw);
  berth::try_name({.keep_realm = false, .domain_realms = {{"", "x"}}}, raw);
  return 0;
}
