// system_windows.cc - what Windows says of the service, of this process and of its interfaces.
// clang-format off: what builds on winsock2.h comes behind it
#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
// clang-format on
#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <sddl.h>
#include <vector>
#include <windows.h>

#include "core/utf16.h"
#include "rras/system.h"

namespace berth::rras {
namespace {

constexpr DWORD kLongestPath = 32'767;

std::string narrow(const std::wstring& wide) {
  const std::u16string units(wide.begin(), wide.end());
  return utf8_of(units).value_or(std::string());
}

std::wstring wide(const std::string& narrow) {
  const std::u16string units = utf16_of(narrow).value_or(std::u16string());
  return {units.begin(), units.end()};
}

// The DLL that this very function is in.
HMODULE own_module(DWORD flags) {
  HMODULE module = nullptr;
  GetModuleHandleExW(flags | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                     reinterpret_cast<LPCWSTR>(&own_module), &module);
  return module;
}

DWORD process_of_the_service() {
  const SC_HANDLE services = OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT);
  if (services == nullptr) return 0;
  SERVICE_STATUS_PROCESS status{};
  DWORD size = 0;
  const SC_HANDLE service = OpenServiceW(services, L"RemoteAccess", SERVICE_QUERY_STATUS);
  if (service != nullptr) {
    QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, reinterpret_cast<BYTE*>(&status),
                         sizeof status, &size);
    CloseServiceHandle(service);
  }
  CloseServiceHandle(services);
  return status.dwProcessId;
}

// When it began, in tenths of a microsecond since 1601; 0: there is no such process.
std::uint64_t start_of(DWORD process_id) {
  const HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, process_id);
  if (process == nullptr) return 0;
  FILETIME began{};
  FILETIME ignored{};
  const BOOL known = GetProcessTimes(process, &began, &ignored, &ignored, &ignored);
  CloseHandle(process);
  if (!known) return 0;
  return (std::uint64_t{began.dwHighDateTime} << 32) | began.dwLowDateTime;
}

void note(const SOCKADDR& address, OwnAddresses& own) {
  if (address.sa_family == AF_INET) {
    sockaddr_in ipv4{};
    std::memcpy(&ipv4, &address, sizeof ipv4);
    own.ipv4.emplace_back(ntohl(ipv4.sin_addr.s_addr));
  } else if (address.sa_family == AF_INET6) {
    sockaddr_in6 ipv6{};
    std::memcpy(&ipv6, &address, sizeof ipv6);
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &ipv6.sin6_addr, bytes.size());
    own.identifiers.push_back(Ipv6::from_bytes(bytes).identifier());
  }
}

}  // namespace

// Asked of Windows and not of the C runtime: this DLL has one of its own, with a copy from when it
// was loaded.
std::optional<std::string> environment(const char* name) {
  std::wstring value(kLongestPath, L'\0');
  const std::string text(name);
  const std::wstring wide_name(text.begin(), text.end());
  const DWORD size = GetEnvironmentVariableW(wide_name.c_str(), value.data(), kLongestPath);
  if (size == 0 || size >= kLongestPath) return std::nullopt;
  value.resize(size);
  return narrow(value);
}

std::string module_folder() {
  std::wstring path(kLongestPath, L'\0');
  path.resize(GetModuleFileNameW(own_module(GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT),
                                 path.data(), kLongestPath));
  return narrow(path.substr(0, path.find_last_of(L"\\/")));
}

std::string common_folder() { return environment("ProgramData").value_or("") + R"(\Berth)"; }

std::string computer_name() {
  std::array<wchar_t, 256> name{};
  DWORD size = name.size();
  if (!GetComputerNameExW(ComputerNamePhysicalDnsHostname, name.data(), &size)) return "localhost";
  return narrow({name.data(), size});
}

std::string boot_epoch() {
  if (auto said = environment("BERTH_BOOT_EPOCH")) return *said;
  DWORD process = process_of_the_service();
  std::uint64_t began = process == 0 ? 0 : start_of(process);
  if (began == 0) {
    process = GetCurrentProcessId();
    began = start_of(process);
  }
  return std::to_string(process) + "-" + std::to_string(began);
}

OwnAddresses own_addresses() {
  OwnAddresses own;
  ULONG size = 64 << 10;
  std::vector<std::uint64_t> memory;
  ULONG answer = ERROR_BUFFER_OVERFLOW;
  IP_ADAPTER_ADDRESSES* first = nullptr;
  for (int tries = 0; answer == ERROR_BUFFER_OVERFLOW && tries < 3; ++tries) {
    memory.resize(size / sizeof memory.front() + 1);
    first = reinterpret_cast<IP_ADAPTER_ADDRESSES*>(memory.data());
    answer = GetAdaptersAddresses(
        AF_UNSPEC, GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER,
        nullptr, first, &size);
  }
  if (answer != NO_ERROR) return own;
  for (const auto* adapter = first; adapter != nullptr; adapter = adapter->Next) {
    if (adapter->IfType == IF_TYPE_SOFTWARE_LOOPBACK) continue;
    for (const auto* each = adapter->FirstUnicastAddress; each != nullptr; each = each->Next) {
      note(*each->Address.lpSockaddr, own);
    }
  }
  std::ranges::sort(own.ipv4);
  std::ranges::sort(own.identifiers);
  return own;
}

std::shared_ptr<void> stay_loaded() {
  return {own_module(0), [](void* module) {
            if (module != nullptr) FreeLibrary(static_cast<HMODULE>(module));
          }};
}

// Below %ProgramData% everybody may make files in a folder that is made the usual way.
void make_folder_of(const std::string& file) {
  SECURITY_ATTRIBUTES rights{sizeof rights, nullptr, FALSE};
  if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(
          L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)", SDDL_REVISION_1, &rights.lpSecurityDescriptor,
          nullptr)) {
    return;
  }
  const std::filesystem::path path(wide(file));
  CreateDirectoryW(path.parent_path().c_str(), &rights);
  LocalFree(rights.lpSecurityDescriptor);
}

}  // namespace berth::rras
