// system_posix.cc - what Linux says of itself, of this process and of its interfaces.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <ifaddrs.h>
#include <iterator>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rras/system.h"

namespace berth::rras {
namespace {

std::string own_path() {
  Dl_info found{};
  if (dladdr(reinterpret_cast<void*>(&own_path), &found) == 0) return {};
  return found.dli_fname;
}

// Field 22 of /proc/self/stat: ticks since the machine's start. The name before it may hold blanks.
std::string start_of_this_process() {
  std::ifstream file("/proc/self/stat");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  std::size_t at = text.rfind(')');
  for (int field = 2; field < 22 && at != std::string::npos; ++field) at = text.find(' ', at + 1);
  if (at == std::string::npos) return {};
  return text.substr(at + 1, text.find(' ', at + 1) - at - 1);
}

}  // namespace

std::optional<std::string> environment(const char* name) {
  const char* const value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::string module_folder() { return std::filesystem::path(own_path()).parent_path().string(); }

std::string common_folder() { return "/etc/berth"; }

std::string computer_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

std::string boot_epoch() {
  if (auto said = environment("BERTH_BOOT_EPOCH")) return *said;
  return std::to_string(getpid()) + "-" + start_of_this_process();
}

OwnAddresses own_addresses() {
  OwnAddresses own;
  ifaddrs* all = nullptr;
  if (getifaddrs(&all) != 0) return own;
  for (const ifaddrs* each = all; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr || (each->ifa_flags & IFF_LOOPBACK) != 0) continue;
    if (each->ifa_addr->sa_family == AF_INET) {
      sockaddr_in address{};
      std::memcpy(&address, each->ifa_addr, sizeof address);
      own.ipv4.emplace_back(ntohl(address.sin_addr.s_addr));
    } else if (each->ifa_addr->sa_family == AF_INET6) {
      sockaddr_in6 address{};
      std::memcpy(&address, each->ifa_addr, sizeof address);
      std::array<std::uint8_t, 16> bytes{};
      std::memcpy(bytes.data(), &address.sin6_addr, bytes.size());
      own.identifiers.push_back(Ipv6::from_bytes(bytes).identifier());
    }
  }
  freeifaddrs(all);
  std::ranges::sort(own.ipv4);
  std::ranges::sort(own.identifiers);
  return own;
}

std::shared_ptr<void> stay_loaded() {
  return {dlopen(own_path().c_str(), RTLD_NOW | RTLD_NOLOAD), [](void* handle) {
            if (handle != nullptr) dlclose(handle);
          }};
}

void make_folder_of(const std::string& file) {
  static_cast<void>(mkdir(std::filesystem::path(file).parent_path().c_str(), 0750));
}

}  // namespace berth::rras
