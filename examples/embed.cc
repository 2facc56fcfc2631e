// embed.cc - the address book inside your own program: assign, confirm, look back.
//
//   berth_embed leases.db ana        (again: the same address)
#include <iostream>

#include "berth/book.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: berth_embed STORE USER\n";
    return 2;
  }
  berth::Plan plan;
  plan.pools.emplace_back().name = "dial-in";
  plan.pools[0].ipv4 = {{*berth::Ipv4Range::parse("10.8.0.0/16"), "embed.cc"}};

  auto book = berth::Book::open(plan, {.path = argv[1]});
  if (!book) {
    std::cerr << book.error().what << "\n" << book.error().remedy << "\n";
    return 1;
  }
  const berth::Request request{.user = argv[2], .server = "vpn1", .session = "17"};
  const auto grant = (*book)->assign(request);  // durable when it returns
  if (!grant) {
    std::cerr << berth::code_name(grant.error().code) << ": " << grant.error().what << "\n";
    return 1;
  }
  std::cout << argv[2] << " has " << grant->addresses.to_string() << " ("
            << berth::reason_name(grant->reasons[0]) << ")\n";

  const berth::LeaseRef session{.server = "vpn1", .session = "17"};
  if (auto up = (*book)->confirm(session); !up) std::cerr << up.error().what << "\n";
  if (auto down = (*book)->release(session); !down) std::cerr << down.error().what << "\n";

  const auto past = (*book)->history(argv[2], {});
  for (const berth::Interval& each : *past) {
    std::cout << each.addresses.to_string() << " from " << berth::format_time(each.started)
              << (each.ended ? " to " + berth::format_time(*each.ended) : " until now") << "\n";
  }
  return 0;
}
