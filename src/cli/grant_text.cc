// grant_text.cc - addresses and their reasons, for people.
#include "cli/grant_text.h"

#include "cli/table.h"

namespace berth::cli {

namespace {

std::string_view sentence(Reason reason) {
  switch (reason) {
    case Reason::same_connection: return "this connection has it already";
    case Reason::taken_over: return "taken over from the owner's earlier connection";
    case Reason::reservation: return "reserved for this owner";
    case Reason::last_address: return "the owner had it last";
    case Reason::proposed: return "as proposed";
    case Reason::least_recent: return "the free one that was unused longest";
    case Reason::stable: return "computed for this owner";
    case Reason::module: return "chosen by a module";
    case Reason::server_listed: return "in use, says the server";
  }
  BERTH_ASSERT(!"every reason has a sentence");
}

}  // namespace

void print_addresses(World& world, const Grant& grant) {
  Table table(world, {{"KIND"}, {"ADDRESS"}, {"WHY"}});
  auto add = [&](Kind kind, const std::string& address) {
    Reason reason = grant.reasons[static_cast<std::size_t>(kind)];
    table.add({std::string(kind_name(kind)), address, std::string(sentence(reason))});
  };
  const Addresses& addresses = grant.addresses;
  if (addresses.ipv4) add(Kind::ipv4, addresses.ipv4->to_string());
  if (addresses.ipv6) {
    bool host = addresses.ipv6->length() == 128;
    add(Kind::ipv6, host ? addresses.ipv6->address().to_string() : addresses.ipv6->to_string());
  }
  if (addresses.delegated) add(Kind::delegated, addresses.delegated->to_string());
  table.finish();
}

}  // namespace berth::cli
