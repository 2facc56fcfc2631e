// lease_text.cc - a lease in half a sentence.
#include "cli/lease_text.h"

#include "text/printable.h"

namespace berth::cli {

std::string in_words(const Lease& lease) {
  std::string text = lease.addresses.to_string() + " of " + printable(lease.owner) + " on " +
                     printable(lease.server);
  if (!lease.port.empty()) text += ", port " + printable(lease.port);
  if (!lease.session.empty()) text += ", session " + printable(lease.session);
  return text;
}

}  // namespace berth::cli
