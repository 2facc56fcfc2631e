// lease_options.h - the options that name a lease: of confirm, renew and release.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "berth/book.h"
#include "berth/lease.h"
#include "cli/verb.h"

namespace berth::cli {

class LeaseOptions {
 public:
  // Declares the options; they live as long as the pointer does.
  [[nodiscard]] static std::shared_ptr<LeaseOptions> declare(CLI::App& app);

  // invalid: a value is not what its option takes, or nothing names a lease.
  [[nodiscard]] Result<LeaseRef> lease() const;

  // The lease that `which` names, as it is now. foreign: it holds another prefix than --address
  // says, of another length for example.
  [[nodiscard]] Result<Lease> find(const Book& book, const LeaseRef& which) const;

 private:
  LeaseRef named_;  // of what needs no reading
  std::string id_;
  std::optional<std::uint64_t> generation_;
  std::vector<std::string> addresses_;
};

// The paragraph of a manual that says how these options name a lease.
inline constexpr std::string_view kNamesALease =
    "The first of these that is given decides which lease is meant: --id; --server and --session; "
    "--server, --port and --user; --address. Whatever else is given must agree, or nothing "
    "changes and the error says what was met: stale (an older generation or an earlier "
    "session) or foreign (another's lease).";

}  // namespace berth::cli
