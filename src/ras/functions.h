// functions.h - the callouts of one loaded module as pointers, and the one place that calls them.
#pragma once

#include <array>

#include "ras/loans.h"
#include "ras/module.h"
#include <ras_admin_module.h>

namespace berth::ras {

// Pointers of unknown type, by callout; call_function() knows which type each has.
using AnyFunction = void (*)();

class Functions {
 public:
  void set(Callout callout, AnyFunction function) { pointers_.at(index_of(callout)) = function; }
  [[nodiscard]] AnyFunction at(Callout callout) const { return pointers_.at(index_of(callout)); }
  template <class Function>
  [[nodiscard]] Function as(Callout callout) const {
    return reinterpret_cast<Function>(at(callout));
  }
  // Those that are there.
  [[nodiscard]] CalloutSet set() const;

 private:
  std::array<AnyFunction, kCallouts> pointers_{};
};

// Calls the module, on this thread, and returns when it does. It gets copies of all strings and
// structures, gone afterwards (R6). What it writes beyond the memory of an answer, or to memory of
// one of the calls before, is found, as far as it lies near, and makes the call a failure.
[[nodiscard]] Answer call_function(const Functions& functions, const Call& call, Loans& loans);

// What a table that MprAdminInitializeDllEx filled says: copied before it returns (R12). The
// callouts go into `functions`; returned is the revision.
[[nodiscard]] std::uint8_t read_table(const MPRAPI_ADMIN_DLL_CALLBACKS& table,
                                      Functions& functions);

}  // namespace berth::ras
