// trace.cc - arguments and results, as one would write the call down.
#include "rashost/trace.h"

#include <optional>

#include "core/quote.h"
#include "core/utf16.h"

namespace berth::ras {
namespace {

std::string text_of(std::u16string_view name) {
  return berth::quoted(utf8_of(name).value_or("(half a character)"));
}

bool is_get(Callout callout) {
  return callout == Callout::get_ipv4 || callout == Callout::get_ipv6;
}
Family family_of(Callout callout) {
  return callout == Callout::get_ipv4 || callout == Callout::release_ipv4 ? Family::ipv4
                                                                          : Family::ipv6;
}
// Returns a BOOL, or a code where 0 is good.
bool asks(Callout callout) {
  switch (callout) {
    case Callout::accept_connection:
    case Callout::accept_connection2:
    case Callout::accept_connection3:
    case Callout::accept_connection_ex:
    case Callout::accept_link:
    case Callout::accept_reauthentication:
    case Callout::accept_reauthentication_ex:
    case Callout::accept_endpoint_change: return true;
    default: return false;
  }
}

constexpr const char* kQuarantine[] = {"normal", "quarantine", "probation", "not_capable"};

std::string handle_text(Handle handle) {
  return "#" + std::to_string(static_cast<std::uint64_t>(handle));
}

std::string arguments_of(const Call& call) {
  if (group_of(call.callout) == Group::address) {
    return text_of(call.user) + ", " + text_of(call.port) + ", " +
           call.address.to_string(family_of(call.callout));
  }
  if (call.preauthentication != nullptr) {
    const PreauthenticationFacts& facts = *call.preauthentication;
    return handle_text(facts.connection) + ", " + text_of(facts.user) + ", " +
           std::to_string(facts.info.size()) + (facts.info.size() == 1 ? " byte" : " bytes");
  }
  if (call.link != nullptr) {
    return handle_text(call.link->connection) + ", " + text_of(call.link->port_name);
  }
  if (call.connection != nullptr) {
    const ConnectionFacts& facts = *call.connection;
    std::string text = handle_text(facts.handle) + ", " + text_of(facts.user);
    if (facts.ipv4.up) text += ", " + facts.ipv4.client.to_string(Family::ipv4);
    if (facts.ipv6.up) text += ", " + facts.ipv6.client.to_string(Family::ipv6);
    if (facts.quarantine != QuarantineState::normal) {
      text += std::string(", ") + kQuarantine[static_cast<std::size_t>(facts.quarantine)];
    }
    if (!facts.client_endpoint.empty()) text += ", from " + text_of(facts.client_endpoint);
    return text;
  }
  return {};
}

std::string result_of(const Call& call, const Answer& answer) {
  constexpr const char* kHow[] = {"no answer in time", "crashed", "wrote beyond its memory",
                                  "kept a pointer", "switched off"};
  if (answer.failure) return kHow[static_cast<std::size_t>(answer.failure->how)];
  if (is_get(call.callout)) {
    return std::to_string(answer.result) + ", " +
           answer.address.to_string(family_of(call.callout)) +
           (answer.notify_release ? ", notify" : "");
  }
  if (call.callout == Callout::validate_preauthenticated) return std::to_string(answer.result);
  if (asks(call.callout)) return answer.result != 0 ? "TRUE" : "FALSE";
  return {};
}

}  // namespace

std::string short_name(const std::string& path) {
  const std::size_t slash = path.find_last_of("/\\");
  const std::string file = slash == std::string::npos ? path : path.substr(slash + 1);
  return file.substr(0, file.find_last_of('.'));
}

std::string line_of(std::uint64_t number, const Made& made) {
  std::string line = std::to_string(number);
  line.insert(0, line.size() < 5 ? 5 - line.size() : 0, ' ');
  line += "  " + short_name(made.module.path()) + "  " +
          std::string(callout_name(made.call.callout)) + "(" + arguments_of(made.call) + ")";
  const std::string result = result_of(made.call, made.answer);
  if (!result.empty()) line += " -> " + result;
  return line;
}

boost::json::object json_of(std::uint64_t number, const Made& made) {
  const Call& call = made.call;
  const Answer& answer = made.answer;
  boost::json::object object = {{"number", number},
                                {"module", short_name(made.module.path())},
                                {"callout", callout_name(call.callout)}};
  if (group_of(call.callout) == Group::address) {
    object["user"] = utf8_of(call.user).value_or("");
    object["port"] = utf8_of(call.port).value_or("");
    object["address"] = call.address.to_string(family_of(call.callout));
  }
  if (call.connection != nullptr) {
    object["connection"] = static_cast<std::uint64_t>(call.connection->handle);
    object["user"] = utf8_of(call.connection->user).value_or("");
  }
  if (call.preauthentication != nullptr) {
    object["connection"] = static_cast<std::uint64_t>(call.preauthentication->connection);
    object["user"] = utf8_of(call.preauthentication->user).value_or("");
    object["info_bytes"] = call.preauthentication->info.size();
  }
  if (call.link != nullptr) {
    object["connection"] = static_cast<std::uint64_t>(call.link->connection);
    object["port"] = utf8_of(call.link->port_name).value_or("");
  }
  if (answer.failure) {
    object["failure"] = answer.failure->what;
  } else if (is_get(call.callout)) {
    object["result"] = answer.result;
    object["given"] = answer.address.to_string(family_of(call.callout));
    object["notify"] = answer.notify_release;
  } else if (call.callout == Callout::validate_preauthenticated) {
    object["result"] = answer.result;
  } else if (asks(call.callout)) {
    object["result"] = answer.result != 0;
  }
  if (!answer.administration.empty()) object["administration"] = answer.administration;
  return object;
}

std::vector<std::string> faults_of(const Made& made) {
  std::vector<std::string> faults;
  const auto fault = [&](const std::string& what) {
    faults.push_back(short_name(made.module.path()) + ": " +
                     std::string(callout_name(made.call.callout)) + " " + what);
  };
  const Answer& answer = made.answer;
  if (!answer.administration.empty()) {
    fault("called " + answer.administration + ", which never returns to a callout (R130)");
  }
  if (answer.failure) {
    fault("failed: " + answer.failure->what);
    return faults;
  }
  if (!is_get(made.call.callout)) return faults;
  if (answer.result != 0 && answer.notify_release) {
    fault("returned error " + std::to_string(answer.result) +
          " with its flag TRUE, so that a Release follows at once (R31)");
  }
  if (answer.result == 0 && answer.address.none()) {
    fault("returned NO_ERROR and no address: the user cannot connect (R27)");
  }
  return faults;
}

}  // namespace berth::ras
