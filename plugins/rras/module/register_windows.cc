// register_windows.cc - regsvr32: the module enters itself into the list of RAS, and the event log.
//
// It adds or takes away its own element of DLLPath and leaves what others wrote as it is (R99,
// R104). Windows reads the list when the service starts.
#include <optional>
#include <string>
#include <windows.h>

#include "core/dll_path.h"
#include "core/utf16.h"

extern "C" HRESULT APIENTRY DllRegisterServer();
extern "C" HRESULT APIENTRY DllUnregisterServer();

namespace {

using Wide = std::wstring;

constexpr const wchar_t* kEventSource =
    L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\Berth";
constexpr DWORD kLongest = 32'767;

std::optional<std::string> narrow(const Wide& text) {
  return berth::utf8_of(std::u16string(text.begin(), text.end()));
}

Wide wide(std::string_view text) {
  const std::u16string units = berth::utf16_of(text).value_or(std::u16string());
  return {units.begin(), units.end()};
}

// A key of HKEY_LOCAL_MACHINE that is open; the 64-bit view, which is RAS's.
class Key {
 public:
  explicit Key(const Wide& path) {
    failed_ =
        RegCreateKeyExW(HKEY_LOCAL_MACHINE, path.c_str(), 0, nullptr, 0,
                        KEY_QUERY_VALUE | KEY_SET_VALUE | KEY_WOW64_64KEY, nullptr, &key_, nullptr);
  }
  ~Key() {
    if (key_ != nullptr) RegCloseKey(key_);
  }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;

  [[nodiscard]] LSTATUS failed() const { return failed_; }

  // A text, or nothing where there is no such value. A value of another type is not ours to mend:
  // ERROR_REGISTRY_CORRUPT, as RAS has it (R103).
  LSTATUS read(const wchar_t* name, std::optional<Wide>& text, DWORD& type) const {
    Wide buffer(kLongest, L'\0');
    DWORD size = kLongest * sizeof(wchar_t);
    const LSTATUS failed =
        RegQueryValueExW(key_, name, nullptr, &type, reinterpret_cast<BYTE*>(buffer.data()), &size);
    if (failed == ERROR_FILE_NOT_FOUND) return NO_ERROR;
    if (failed != NO_ERROR) return failed;
    if (type != REG_SZ && type != REG_EXPAND_SZ) return ERROR_REGISTRY_CORRUPT;
    buffer.resize(size / sizeof(wchar_t));
    text = buffer.substr(0, buffer.find(L'\0'));
    return NO_ERROR;
  }
  [[nodiscard]] LSTATUS write(const wchar_t* name, const Wide& text, DWORD type) const {
    return RegSetValueExW(key_, name, 0, type, reinterpret_cast<const BYTE*>(text.c_str()),
                          static_cast<DWORD>((text.size() + 1) * sizeof(wchar_t)));
  }
  [[nodiscard]] LSTATUS write(const wchar_t* name, DWORD number) const {
    return RegSetValueExW(key_, name, 0, REG_DWORD, reinterpret_cast<const BYTE*>(&number),
                          sizeof number);
  }
  void take_away(const wchar_t* name) const { RegDeleteValueW(key_, name); }

 private:
  HKEY key_ = nullptr;
  LSTATUS failed_;
};

Wide own_path() {
  HMODULE module = nullptr;
  GetModuleHandleExW(
      GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
      reinterpret_cast<LPCWSTR>(&own_path), &module);
  Wide path(kLongest, L'\0');
  path.resize(GetModuleFileNameW(module, path.data(), kLongest));
  return path;
}

LSTATUS list(const Wide& path) {
  const std::optional<std::string> own = narrow(path);
  // One with a ';' in it could not be told from two.
  if (!own || own->empty() || own->find(';') != std::string::npos) return ERROR_BAD_PATHNAME;
  const Key key(wide(berth::kAdminDllKey));
  if (key.failed() != NO_ERROR) return key.failed();
  std::optional<Wide> paths;
  DWORD type = REG_SZ;
  if (const LSTATUS failed = key.read(L"DLLPath", paths, type); failed != NO_ERROR) return failed;
  const std::optional<std::string> before = narrow(paths.value_or(Wide()));
  if (!before) return ERROR_REGISTRY_CORRUPT;
  const Wide after = wide(berth::with_path(*before, *own));
  if (const LSTATUS failed = key.write(L"DLLPath", after, type); failed != NO_ERROR) return failed;
  std::optional<Wide> name;
  DWORD name_type = REG_SZ;
  if (const LSTATUS failed = key.read(L"DisplayName", name, name_type); failed != NO_ERROR) {
    return failed;
  }
  return name ? NO_ERROR : key.write(L"DisplayName", L"Berth", REG_SZ);
}

LSTATUS unlist(const Wide& path) {
  const Key key(wide(berth::kAdminDllKey));
  if (key.failed() != NO_ERROR) return key.failed();
  std::optional<Wide> paths;
  DWORD type = REG_SZ;
  if (const LSTATUS failed = key.read(L"DLLPath", paths, type); failed != NO_ERROR) return failed;
  if (!paths) return NO_ERROR;
  const std::optional<std::string> before = narrow(*paths);
  const std::optional<std::string> own = narrow(path);
  if (!before || !own) return ERROR_REGISTRY_CORRUPT;
  const Wide after = wide(berth::without_path(*before, *own));
  if (!after.empty()) return key.write(L"DLLPath", after, type);
  key.take_away(L"DLLPath");
  key.take_away(L"DisplayName");
  return NO_ERROR;
}

// Where the event log finds the words around ours, and which kinds of entry there are.
LSTATUS enter_event_source(const Wide& path) {
  const Key key(kEventSource);
  if (key.failed() != NO_ERROR) return key.failed();
  if (const LSTATUS failed = key.write(L"EventMessageFile", path, REG_EXPAND_SZ);
      failed != NO_ERROR) {
    return failed;
  }
  return key.write(L"TypesSupported",
                   EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE);
}

template <class Body>
HRESULT answer(Body body) noexcept try {
  return HRESULT_FROM_WIN32(static_cast<DWORD>(body(own_path())));
} catch (...) {
  return E_OUTOFMEMORY;
}

}  // namespace

HRESULT APIENTRY DllRegisterServer() {
  return answer([](const Wide& path) {
    const LSTATUS failed = enter_event_source(path);
    return failed == NO_ERROR ? list(path) : failed;
  });
}

HRESULT APIENTRY DllUnregisterServer() {
  return answer([](const Wide& path) {
    const LSTATUS failed = unlist(path);
    if (failed == NO_ERROR) RegDeleteKeyExW(HKEY_LOCAL_MACHINE, kEventSource, KEY_WOW64_64KEY, 0);
    return failed;
  });
}
