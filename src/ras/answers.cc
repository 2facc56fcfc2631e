// answers.cc - one function for each kind of question.
#include "ras/answers.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "ras/describe.h"

namespace berth::ras {
namespace {

using mprapi::Function;
using mprapi::kLevelEx;
using mprapi::Question;
using mprapi::Reply;

Reply code(std::uint32_t code) { return {.code = code}; }
Reply done_or(bool done, std::uint32_t why_not) { return code(done ? NO_ERROR : why_not); }

template <class Structure>
std::string bytes_of(const Structure& structure) {
  return {reinterpret_cast<const char*>(&structure), sizeof structure};
}

// Empty: there is no such level.
std::string bytes_of(const ConnectionFacts& facts, std::uint32_t level) {
  const DescribedConnection all = describe(facts);
  switch (level) {
    case 0: return bytes_of(all.zero);
    case 1: return bytes_of(all.one);
    case 2: return bytes_of(all.two);
    case 3: return bytes_of(all.three);
    case kLevelEx: return bytes_of(all.ex);
    default: return {};
  }
}
std::string bytes_of(const LinkFacts& facts, std::uint32_t level) {
  const DescribedLink both = describe(facts);
  if (level > 1) return {};
  return level == 0 ? bytes_of(both.zero) : bytes_of(both.one);
}

template <class Facts>
Reply page_of(const Page<Facts>& page, std::uint32_t level) {
  Reply reply{.code = page.more ? std::uint32_t{ERROR_MORE_DATA} : std::uint32_t{NO_ERROR},
              .read = static_cast<std::uint32_t>(page.facts.size()),
              .total = static_cast<std::uint32_t>(page.total),
              .resume = page.last};
  for (const Facts& each : page.facts) reply.bytes += bytes_of(each, level);
  return reply;
}

// How many structures of this size go into one reply of those that were asked for.
std::size_t fitting(std::uint32_t most, std::size_t size) {
  return std::min<std::size_t>(most, mprapi::kMostReplyBytes) / size;
}

Reply connections(const Question& question, const Live& live) {
  const std::size_t size = bytes_of(ConnectionFacts{}, question.level).size();
  if (size == 0) return code(ERROR_INVALID_LEVEL);
  return page_of(live.connections(question.resume, fitting(question.most, size)), question.level);
}

Reply connection(const Question& question, const Live& live) {
  if (bytes_of(ConnectionFacts{}, question.level).empty()) return code(ERROR_INVALID_LEVEL);
  const std::optional<ConnectionFacts> facts = live.connection(Handle{question.handle});
  if (!facts) return code(ERROR_INTERFACE_NOT_CONNECTED);
  return {.read = 1, .total = 1, .bytes = bytes_of(*facts, question.level)};
}

Reply ports(const Question& question, const Live& live) {
  std::optional<Handle> of;
  if (question.handle != 0) of = Handle{question.handle};
  if (of && !live.connection(*of)) return code(ERROR_INTERFACE_NOT_CONNECTED);
  return page_of(live.ports(of, question.resume, fitting(question.most, sizeof(RAS_PORT_0))), 0);
}

Reply port(const Question& question, const Live& live) {
  if (question.level > 1) return code(ERROR_NOT_SUPPORTED);
  const std::optional<LinkFacts> facts = live.port(Handle{question.handle});
  if (!facts) return code(ERROR_INVALID_PORT_HANDLE);
  return {.read = 1, .total = 1, .bytes = bytes_of(*facts, question.level)};
}

Reply server_info(const Question& question, const Live& live) {
  if (question.level != 0) return code(ERROR_INVALID_LEVEL);
  // A RAS side here has no ports but those that are used.
  const auto used = static_cast<DWORD>(live.ports(std::nullopt, 0, 1).total);
  const MPR_SERVER_0 server{.fLanOnlyMode = FALSE,
                            .dwUpTime = static_cast<DWORD>(live.up_time().count()),
                            .dwTotalPorts = used,
                            .dwPortsInUse = used};
  return {.read = 1, .total = 1, .bytes = bytes_of(server)};
}

Reply end_quarantine(std::optional<Handle> handle, Live& live) {
  if (!handle || !live.connection(*handle)) return code(ERROR_INTERFACE_NOT_CONNECTED);
  return done_or(live.end_quarantine(*handle), ERROR_NOT_FOUND);
}

std::optional<Handle> connection_of(std::uint64_t address, const Live& live) {
  CalloutAddress ipv4;
  std::memcpy(ipv4.bytes().data(), &address, 4);  // in network order, as it lies
  return live.connection_of(ipv4);
}

Reply update(const Question& question, Live& live) {
  const Handle handle{question.handle};
  const std::optional<ConnectionFacts> facts = live.connection(handle);
  if (!facts) return code(ERROR_INTERFACE_NOT_CONNECTED);
  if (facts->tunnel != Tunnel::ikev2) return code(ERROR_NOT_SUPPORTED);
  if (question.text.size() > kMaxEndpointUnits || question.more.size() > kMaxEndpointUnits) {
    return code(ERROR_INVALID_PARAMETER);
  }
  return done_or(live.move(handle, question.text, question.more), ERROR_INTERFACE_NOT_CONNECTED);
}

Reply send_message(const Question& question, const Live& live, const Hooks& hooks) {
  const Handle handle{question.handle};
  if (!live.connection(handle)) return code(ERROR_INTERFACE_NOT_CONNECTED);
  if (!hooks.send_message) return code(ERROR_NOT_SUPPORTED);
  return code(hooks.send_message(handle, question.text));
}

Reply disconnect(const Question& question, const Live& live, const Hooks& hooks) {
  const Handle handle{question.handle};
  if (!live.port(handle)) return code(ERROR_INVALID_PORT_HANDLE);
  if (!hooks.disconnect) return code(ERROR_NOT_SUPPORTED);
  hooks.disconnect(handle);
  return code(NO_ERROR);
}

// --- Users ---

static_assert(UserRights::kNoCallback == RASPRIV_NoCallback);
static_assert(UserRights::kMayDialIn == RASPRIV_DialinPrivilege);
static_assert(UserRights::kByPolicy == RASPRIV2_DialinPolicy);
static_assert(kNoSuchUser == ERROR_NO_SUCH_USER);

// RAS_USER_0 is how RAS_USER_1 begins.
std::size_t size_of_user(std::uint32_t level) {
  constexpr std::array kSizes = {sizeof(RAS_USER_0), sizeof(RAS_USER_1)};
  return level < kSizes.size() ? kSizes.at(level) : 0;
}

Reply user(const Question& question, const Hooks& hooks) {
  const std::size_t size = size_of_user(question.level);
  if (size == 0) return code(ERROR_INVALID_LEVEL);
  if (!hooks.user) return code(ERROR_NOT_SUPPORTED);
  const std::optional<UserRights> rights = hooks.user(question.text);
  if (!rights) return code(ERROR_NO_SUCH_USER);
  RAS_USER_1 user{};
  user.bfPrivilege = rights->privilege;
  const std::size_t length =
      std::min<std::size_t>(rights->phone_number.size(), MAX_PHONE_NUMBER_LEN);
  std::copy_n(rights->phone_number.begin(), length, user.wszPhoneNumber);
  user.bfPrivilege2 = rights->privilege2;
  return {.read = 1, .total = 1, .bytes = bytes_of(user).substr(0, size)};
}

Reply set_user(const Question& question, const Hooks& hooks) {
  const std::size_t size = size_of_user(question.level);
  if (size == 0) return code(ERROR_INVALID_LEVEL);
  if (question.bytes.size() != size) return code(ERROR_INVALID_PARAMETER);
  if (!hooks.user || !hooks.set_user) return code(ERROR_NOT_SUPPORTED);
  const std::optional<UserRights> before = hooks.user(question.text);
  if (!before) return code(ERROR_NO_SUCH_USER);
  RAS_USER_1 user{};
  std::memcpy(&user, question.bytes.data(), size);
  if (std::ranges::count(user.wszPhoneNumber, WCHAR{0}) == 0) return code(ERROR_INVALID_PARAMETER);
  UserRights rights{.privilege = user.bfPrivilege,
                    .phone_number = {},
                    .privilege2 = question.level == 0 ? before->privilege2 : user.bfPrivilege2};
  for (const WCHAR* each = user.wszPhoneNumber; *each != 0; ++each) {
    rights.phone_number.push_back(static_cast<char16_t>(*each));
  }
  return code(hooks.set_user(question.text, rights));
}

}  // namespace

Reply answer(const Question& question, Live& live, const Hooks& hooks) {
  const Handle handle{question.handle};
  switch (question.function) {
    case Function::service: return code(NO_ERROR);
    case Function::server_info: return server_info(question, live);
    case Function::connections: return connections(question, live);
    case Function::connection: return connection(question, live);
    case Function::clear_connection:
      return done_or(live.clear_connection(handle), ERROR_INTERFACE_NOT_CONNECTED);
    case Function::end_quarantine: return end_quarantine(handle, live);
    case Function::end_quarantine_of:
      return end_quarantine(connection_of(question.handle, live), live);
    case Function::update_connection: return update(question, live);
    case Function::send_message: return send_message(question, live, hooks);
    case Function::ports: return ports(question, live);
    case Function::port: return port(question, live);
    case Function::clear_port: return done_or(live.clear_port(handle), ERROR_INVALID_PORT_HANDLE);
    case Function::reset_port:
    case Function::disconnect_port: return disconnect(question, live, hooks);
    case Function::user: return user(question, hooks);
    case Function::set_user: return set_user(question, hooks);
  }
  return code(ERROR_NOT_SUPPORTED);
}

}  // namespace berth::ras
