// administration_posix.cc - the administration functions: arguments to a question, a reply to
// memory of the caller's.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <ras_admin/administration.h>
#include <set>
#include <unistd.h>

#include "mprapi/ask.h"
#include "mprapi/mark.h"
#include "mprapi/texts.h"

namespace berth::mprapi {
namespace {

// Of (DWORD)-1: all there are. No server has more connections than these rounds bring.
constexpr DWORD kAll = 0xffffffff;
constexpr int kMostRounds = 4096;

// Every function goes through here: none inside a callout (R130), and nothing is thrown.
template <class Body>
DWORD administer(const char* function, Body body) {
  if (!may_call(function)) return kInsideCallout;
  try {
    return body();
  } catch (...) {
    return ERROR_NOT_ENOUGH_MEMORY;
  }
}

std::uint64_t number_of(HANDLE handle) { return reinterpret_cast<std::uintptr_t>(handle); }

// At most `most` units; nothing: it is NULL, or longer.
std::optional<std::u16string> text_in(const WCHAR* text, std::size_t most) {
  if (text == nullptr) return std::nullopt;
  std::u16string copy;
  while (*text != 0) {
    if (copy.size() == most) return std::nullopt;
    copy.push_back(*text++);
  }
  return copy;
}

// --- Servers ---

// The handles that are out. They are numbers: a forgotten or a false one does no harm.
class Servers {
 public:
  HANDLE add() {
    const std::lock_guard lock(mutex_);
    out_.insert(++last_);
    return reinterpret_cast<HANDLE>(last_);  // NOLINT(performance-no-int-to-ptr)
  }
  void remove(HANDLE server) {
    const std::lock_guard lock(mutex_);
    out_.erase(number_of(server));
  }
  [[nodiscard]] bool has(HANDLE server) {
    const std::lock_guard lock(mutex_);
    return out_.contains(number_of(server));
  }

 private:
  std::mutex mutex_;
  std::set<std::uintptr_t> out_;
  std::uintptr_t last_ = 0;
};

Servers& servers() {
  static auto* const kServers = new Servers;
  return *kServers;
}

std::u16string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return u"localhost";
  const std::string_view whole(name.data());
  const std::string_view first = whole.substr(0, whole.find('.'));
  return {first.begin(), first.end()};
}

std::u16string folded(std::u16string name) {
  for (char16_t& each : name) {
    if (each >= u'A' && each <= u'Z') each |= 0x20;
  }
  return name;
}

// NULL, or this machine's name, perhaps with "\\" before it.
bool is_here(const WCHAR* name) {
  if (name == nullptr) return true;
  std::optional<std::u16string> text = text_in(name, 256);
  if (!text) return false;
  if (text->starts_with(u"\\\\")) text->erase(0, 2);
  *text = folded(*text);
  const std::u16string here = folded(host_name());
  return text->empty() || *text == u"localhost" || *text == here || text->starts_with(here + u".");
}

// --- Replies ---

DWORD asked(HANDLE server, const Question& question) {
  return servers().has(server) ? ask(question).code : RPC_S_INVALID_BINDING;
}

// Memory that MprAdminBufferFree() frees: its owner is a program in C.
template <class T = BYTE>
T* buffer_with(std::string_view bytes) {
  void* const memory = std::malloc(bytes.size());  // NOLINT(cppcoreguidelines-no-malloc)
  if (memory == nullptr) throw std::bad_alloc();
  std::memcpy(memory, bytes.data(), bytes.size());
  return static_cast<T*>(memory);
}

DWORD get_one(HANDLE server, const Question& question, LPBYTE* buffer) {
  if (buffer == nullptr) return ERROR_INVALID_PARAMETER;
  *buffer = nullptr;
  if (!servers().has(server)) return RPC_S_INVALID_BINDING;
  const Reply reply = ask(question);
  if (reply.code == NO_ERROR) *buffer = buffer_with(reply.bytes);
  return reply.code;
}

// Where an enumeration puts what it finds; `resume` may be NULL.
struct Listed {
  LPBYTE* buffer;
  LPDWORD read;
  LPDWORD total;
  LPDWORD resume;
};

DWORD enumerate(HANDLE server, Question question, DWORD most, const Listed& listed) {
  if (listed.buffer == nullptr || listed.read == nullptr || listed.total == nullptr) {
    return ERROR_INVALID_PARAMETER;
  }
  *listed.buffer = nullptr;
  *listed.read = 0;
  *listed.total = 0;
  if (!servers().has(server)) return RPC_S_INVALID_BINDING;
  question.resume = listed.resume == nullptr ? 0 : *listed.resume;
  question.most = most;
  std::string bytes;
  Reply reply;
  for (int round = 0; round < kMostRounds; ++round) {
    reply = ask(question);
    if (reply.code != NO_ERROR && reply.code != ERROR_MORE_DATA) return reply.code;
    bytes += reply.bytes;
    *listed.read += reply.read;
    question.resume = reply.resume;
    if (reply.code == NO_ERROR || most != kAll) break;
  }
  *listed.total = reply.total;
  if (listed.resume != nullptr) *listed.resume = reply.code == NO_ERROR ? 0 : reply.resume;
  if (!bytes.empty()) *listed.buffer = buffer_with(bytes);
  return reply.code;
}

std::size_t size_of_user(DWORD level) {
  constexpr std::array kSizes = {sizeof(RAS_USER_0), sizeof(RAS_USER_1)};
  return level < kSizes.size() ? kSizes.at(level) : 0;
}

// Of both user functions: what is asked, or why it is not.
DWORD about_user(const WCHAR* server_name, const WCHAR* user, DWORD level, const void* info,
                 Question& question) {
  const std::optional<std::u16string> name = text_in(user, UNLEN);
  if (!name || name->empty() || info == nullptr) return ERROR_INVALID_PARAMETER;
  if (size_of_user(level) == 0) return ERROR_INVALID_LEVEL;
  if (!is_here(server_name)) return ERROR_NOT_SUPPORTED;
  question.level = level;
  question.text = *name;
  return NO_ERROR;
}

bool is_header(const MPRAPI_OBJECT_HEADER& header, UCHAR type) {
  return header.revision == 1 && header.type == type;
}

}  // namespace
}  // namespace berth::mprapi

using namespace berth::mprapi;  // NOLINT(google-build-using-namespace)

// --- Servers ---

DWORD MprAdminServerConnect(LPWSTR server_name, MPR_SERVER_HANDLE* server) {
  return administer("MprAdminServerConnect", [&]() -> DWORD {
    if (server == nullptr) return ERROR_INVALID_PARAMETER;
    *server = nullptr;
    if (!is_here(server_name)) return ERROR_NOT_SUPPORTED;
    *server = servers().add();
    return NO_ERROR;
  });
}

VOID MprAdminServerDisconnect(MPR_SERVER_HANDLE server) {
  static_cast<void>(administer("MprAdminServerDisconnect", [&]() -> DWORD {
    servers().remove(server);
    return NO_ERROR;
  }));
}

BOOL MprAdminIsServiceRunning(LPWSTR server_name) {
  const DWORD code = administer("MprAdminIsServiceRunning", [&]() -> DWORD {
    return is_here(server_name) ? ask({.function = Function::service}).code : ERROR_NOT_SUPPORTED;
  });
  return code == NO_ERROR ? TRUE : FALSE;
}

DWORD MprAdminIsServiceInitialized(LPWSTR server_name, BOOL* initialized) {
  return administer("MprAdminIsServiceInitialized", [&]() -> DWORD {
    if (initialized == nullptr) return ERROR_INVALID_PARAMETER;
    *initialized = FALSE;
    if (!is_here(server_name)) return ERROR_NOT_SUPPORTED;
    const DWORD code = ask({.function = Function::service}).code;
    *initialized = code == NO_ERROR ? TRUE : FALSE;
    return code == ERROR_DDM_NOT_RUNNING ? NO_ERROR : code;
  });
}

DWORD MprAdminServerGetInfo(MPR_SERVER_HANDLE server, DWORD level, LPBYTE* buffer) {
  return administer("MprAdminServerGetInfo", [&] {
    return get_one(server, {.function = Function::server_info, .level = level}, buffer);
  });
}

DWORD MprAdminBufferFree(LPVOID buffer) {
  return administer("MprAdminBufferFree", [&]() -> DWORD {
    if (buffer == nullptr) return ERROR_INVALID_PARAMETER;
    std::free(buffer);  // NOLINT(cppcoreguidelines-no-malloc)
    return NO_ERROR;
  });
}

DWORD MprAdminGetErrorString(DWORD error, LPWSTR* text) {
  return administer("MprAdminGetErrorString", [&]() -> DWORD {
    if (text == nullptr) return ERROR_INVALID_PARAMETER;
    *text = nullptr;
    const std::u16string found(text_of(error));
    if (found.empty()) return ERROR_MR_MID_NOT_FOUND;
    const std::string_view bytes(reinterpret_cast<const char*>(found.c_str()),
                                 (found.size() + 1) * sizeof(WCHAR));
    *text = buffer_with<WCHAR>(bytes);
    return NO_ERROR;
  });
}

// --- Connections ---

DWORD MprAdminConnectionEnum(RAS_SERVER_HANDLE server, DWORD level, LPBYTE* buffer, DWORD most,
                             LPDWORD read, LPDWORD total, LPDWORD resume) {
  return administer("MprAdminConnectionEnum", [&]() -> DWORD {
    if (level > 3) return ERROR_INVALID_LEVEL;
    return enumerate(server, {.function = Function::connections, .level = level}, most,
                     {buffer, read, total, resume});
  });
}

DWORD MprAdminConnectionEnumEx(RAS_SERVER_HANDLE server, PMPRAPI_OBJECT_HEADER header, DWORD most,
                               LPDWORD read, LPDWORD total, PRAS_CONNECTION_EX* connections,
                               LPDWORD resume) {
  return administer("MprAdminConnectionEnumEx", [&]() -> DWORD {
    if (header == nullptr || connections == nullptr ||
        !is_header(*header, MPRAPI_OBJECT_TYPE_RAS_CONNECTION_OBJECT)) {
      return ERROR_INVALID_PARAMETER;
    }
    LPBYTE buffer = nullptr;
    const DWORD code = enumerate(server, {.function = Function::connections, .level = kLevelEx},
                                 most, {&buffer, read, total, resume});
    void* const memory = buffer;
    *connections = static_cast<PRAS_CONNECTION_EX>(memory);
    return code;
  });
}

DWORD MprAdminConnectionGetInfo(RAS_SERVER_HANDLE server, DWORD level, HANDLE connection,
                                LPBYTE* buffer) {
  return administer("MprAdminConnectionGetInfo", [&]() -> DWORD {
    if (level > 3) return ERROR_INVALID_LEVEL;
    return get_one(
        server, {.function = Function::connection, .level = level, .handle = number_of(connection)},
        buffer);
  });
}

DWORD MprAdminConnectionGetInfoEx(RAS_SERVER_HANDLE server, HANDLE connection,
                                  PRAS_CONNECTION_EX info) {
  return administer("MprAdminConnectionGetInfoEx", [&]() -> DWORD {
    if (info == nullptr || !is_header(info->Header, MPRAPI_OBJECT_TYPE_RAS_CONNECTION_OBJECT)) {
      return ERROR_INVALID_PARAMETER;
    }
    if (!servers().has(server)) return RPC_S_INVALID_BINDING;
    const Reply reply =
        ask({.function = Function::connection, .level = kLevelEx, .handle = number_of(connection)});
    if (reply.code != NO_ERROR) return reply.code;
    if (reply.bytes.size() != sizeof *info) return ERROR_DDM_NOT_RUNNING;
    std::memcpy(info, reply.bytes.data(), sizeof *info);
    return NO_ERROR;
  });
}

DWORD MprAdminConnectionClearStats(RAS_SERVER_HANDLE server, HANDLE connection) {
  return administer("MprAdminConnectionClearStats", [&] {
    return asked(server, {.function = Function::clear_connection, .handle = number_of(connection)});
  });
}

DWORD MprAdminConnectionRemoveQuarantine(HANDLE server, HANDLE connection, BOOL is_address) {
  return administer("MprAdminConnectionRemoveQuarantine", [&] {
    return asked(server, {.function = is_address != FALSE ? Function::end_quarantine_of
                                                          : Function::end_quarantine,
                          .handle = number_of(connection)});
  });
}

DWORD MprAdminUpdateConnection(RAS_SERVER_HANDLE server, HANDLE connection,
                               RAS_UPDATE_CONNECTION* update) {
  return administer("MprAdminUpdateConnection", [&]() -> DWORD {
    if (update == nullptr ||
        !is_header(update->Header, MPRAPI_OBJECT_TYPE_UPDATE_CONNECTION_OBJECT)) {
      return ERROR_INVALID_PARAMETER;
    }
    const auto local = text_in(update->wszLocalEndpointAddress, MAXIPADRESSLEN);
    const auto remote = text_in(update->wszRemoteEndpointAddress, MAXIPADRESSLEN);
    if (!local || !remote) return ERROR_INVALID_PARAMETER;
    return asked(server, {.function = Function::update_connection,
                          .handle = number_of(connection),
                          .text = *local,
                          .more = *remote});
  });
}

DWORD MprAdminSendUserMessage(MPR_SERVER_HANDLE server, HANDLE connection, LPWSTR message) {
  return administer("MprAdminSendUserMessage", [&]() -> DWORD {
    const auto text = text_in(message, kMostUnits);
    if (!text) return ERROR_INVALID_PARAMETER;
    return asked(
        server,
        {.function = Function::send_message, .handle = number_of(connection), .text = *text});
  });
}

// --- Ports ---

DWORD MprAdminPortEnum(RAS_SERVER_HANDLE server, DWORD level, HANDLE connection, LPBYTE* buffer,
                       DWORD most, LPDWORD read, LPDWORD total, LPDWORD resume) {
  return administer("MprAdminPortEnum", [&]() -> DWORD {
    if (level != 0) return ERROR_NOT_SUPPORTED;
    if (connection == nullptr) return ERROR_INVALID_HANDLE;
    const bool all = number_of(connection) == UINTPTR_MAX;  // INVALID_HANDLE_VALUE
    return enumerate(server,
                     {.function = Function::ports, .handle = all ? 0 : number_of(connection)}, most,
                     {buffer, read, total, resume});
  });
}

DWORD MprAdminPortGetInfo(RAS_SERVER_HANDLE server, DWORD level, HANDLE port, LPBYTE* buffer) {
  return administer("MprAdminPortGetInfo", [&]() -> DWORD {
    if (level > 1) return ERROR_NOT_SUPPORTED;  // T12
    return get_one(server, {.function = Function::port, .level = level, .handle = number_of(port)},
                   buffer);
  });
}

DWORD MprAdminPortClearStats(RAS_SERVER_HANDLE server, HANDLE port) {
  return administer("MprAdminPortClearStats", [&] {
    return asked(server, {.function = Function::clear_port, .handle = number_of(port)});
  });
}

DWORD MprAdminPortReset(RAS_SERVER_HANDLE server, HANDLE port) {
  return administer("MprAdminPortReset", [&] {
    return asked(server, {.function = Function::reset_port, .handle = number_of(port)});
  });
}

DWORD MprAdminPortDisconnect(RAS_SERVER_HANDLE server, HANDLE port) {
  return administer("MprAdminPortDisconnect", [&] {
    return asked(server, {.function = Function::disconnect_port, .handle = number_of(port)});
  });
}

// --- Users ---

DWORD MprAdminUserGetInfo(const WCHAR* server_name, const WCHAR* user, DWORD level, LPBYTE info) {
  return administer("MprAdminUserGetInfo", [&]() -> DWORD {
    Question question{.function = Function::user};
    if (const DWORD code = about_user(server_name, user, level, info, question)) return code;
    const Reply reply = ask(question);
    if (reply.code != NO_ERROR) return reply.code;
    if (reply.bytes.size() != size_of_user(level)) return ERROR_DDM_NOT_RUNNING;
    std::ranges::copy(reply.bytes, reinterpret_cast<char*>(info));
    return NO_ERROR;
  });
}

DWORD MprAdminUserSetInfo(const WCHAR* server_name, const WCHAR* user, DWORD level, LPBYTE info) {
  return administer("MprAdminUserSetInfo", [&]() -> DWORD {
    Question question{.function = Function::set_user};
    if (const DWORD code = about_user(server_name, user, level, info, question)) return code;
    question.bytes.assign(reinterpret_cast<const char*>(info), size_of_user(level));
    return ask(question).code;
  });
}

DWORD MprAdminGetPDCServer(const WCHAR* domain, const WCHAR* server_name, LPWSTR found) {
  return administer("MprAdminGetPDCServer", [&]() -> DWORD {
    if (found == nullptr || (domain == nullptr && server_name == nullptr)) {
      return ERROR_INVALID_PARAMETER;
    }
    if (domain != nullptr && *domain != 0) return ERROR_NO_SUCH_DOMAIN;  // a RAS here is in none
    if (!is_here(server_name)) return ERROR_NOT_SUPPORTED;
    const std::u16string name = (u"\\\\" + host_name()).substr(0, UNCLEN);
    std::ranges::copy(name, found);
    found[name.size()] = 0;
    return NO_ERROR;
  });
}
