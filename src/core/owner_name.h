// owner_name.h - from the name that a server sends to the owner that it means.
//
// One person has many spellings: "CORP\Ana", "ana@corp.example", "ANA@Corp.Example". The owner
// is the canonical one, made by rule and by nothing else, so that authentication, accounting
// and a look-up years later agree. The raw name is kept beside it by whoever needs it.
//
//   OwnerNamer namer(plan.owners);
//   Result<OwnerName> name = namer.name("CORP\\Ana");   // owner "ana@corp.example"
//
// A namer is immutable: any thread may use one.
#pragma once

#include <string>
#include <string_view>

#include "berth/error.h"
#include "berth/plan.h"

namespace berth {

struct OwnerName {
  std::string owner;  // never empty
  std::string realm;  // behind the last @, else the domain before the backslash, else empty
};

class OwnerNamer {
 public:
  explicit OwnerNamer(OwnerRules rules);

  // invalid: empty, longer than kMaxUserBytes, not UTF-8, a control character or NUL inside,
  // or nothing left of it once the rules have cut.
  [[nodiscard]] Result<OwnerName> name(std::string_view raw) const;

  // The rules as text; equal when they make equal owners. A store keeps it to notice a change.
  [[nodiscard]] std::string fingerprint() const;

 private:
  OwnerRules rules_;
};

// invalid unless `text` is at most `most` bytes of UTF-8 without control characters; `what`
// names it in the error ("session id").
[[nodiscard]] Done check_text(std::string_view text, std::size_t most, std::string_view what);

}  // namespace berth
