// static_pool.h - addresses as a RAS without Berth has them: a range, and who holds what of it.
//
// IPv4 addresses come from the range in turn; identifiers are counted up. A module may also give
// what is in neither, as RAS lets it (R29).
#pragma once

#include <array>
#include <mutex>
#include <optional>
#include <set>

#include "berth/address.h"
#include "ras/source.h"

namespace berth::ras {

class StaticPool final : public AddressSource {
 public:
  // Without a range RAS proposes no IPv4 address (R22).
  StaticPool(std::optional<Ipv4Range> range, Ipv4 server) : range_(range), server_(server) {}

  std::optional<CalloutAddress> propose(Family family, const Client& client) override;
  Taken take(Family family, const CalloutAddress& address, const Client& client,
             const std::string& module) override;
  std::expected<void, std::string> commit(const Client& /*client*/,
                                          std::span<const Answered> /*answered*/) override {
    return {};
  }
  void end(const Client& /*client*/) override {}
  void give_back(Family family, const CalloutAddress& address, const Client& client) override;

  // How many addresses somebody holds.
  [[nodiscard]] std::size_t held() const;

 private:
  const std::optional<Ipv4Range> range_;
  const Ipv4 server_;
  mutable std::mutex mutex_;
  std::array<std::set<std::uint64_t>, kFamilies.size()> held_;
  std::uint64_t next_ipv4_ = 0;  // from the first of the range
  std::uint64_t next_identifier_ = 1;
};

}  // namespace berth::ras
