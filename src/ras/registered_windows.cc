// registered_windows.cc - the registry, and the event log.
#include <array>
#include <system_error>
#include <vector>
#include <windows.h>

#include "core/utf16.h"
#include "ras/registered.h"

namespace berth::ras {
namespace {

constexpr const wchar_t* kKey = LR"(SOFTWARE\Microsoft\RAS\AdminDll)";
// More than 64 paths of 32,767 characters would be; a value may be larger still.
constexpr DWORD kMostValueBytes = DWORD{4} << 20;

class Key {
 public:
  ~Key() {
    if (key_ != nullptr) RegCloseKey(key_);
  }
  Key() = default;
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  LSTATUS open() {
    return RegOpenKeyExW(HKEY_LOCAL_MACHINE, kKey, 0, KEY_QUERY_VALUE | KEY_WOW64_64KEY, &key_);
  }
  [[nodiscard]] HKEY get() const { return key_; }

 private:
  HKEY key_ = nullptr;
};

Refusal unreadable(std::string rule, std::string name, LSTATUS code) {
  return {.code = static_cast<std::uint32_t>(code),
          .rule = std::move(rule),
          .module = std::move(name),
          .callout = {},
          .what = "it cannot be read: " + std::system_category().message(static_cast<int>(code)),
          .remedy = "see who may read it, and that it is whole"};
}

std::string utf8(std::wstring_view text) {
  // What is not UTF-16 names no file either; the rest of it still tells where it stands.
  std::u16string units(text.begin(), text.end());
  std::optional<std::string> whole = utf8_of(units);
  if (whole) return *std::move(whole);
  for (char16_t& unit : units) {
    if (unit >= 0xd800 && unit <= 0xdfff) unit = 0xfffd;
  }
  return utf8_of(units).value_or("");
}

std::wstring expanded(const std::wstring& text) {
  const DWORD size = ExpandEnvironmentStringsW(text.c_str(), nullptr, 0);
  if (size == 0) return text;
  std::wstring longer(size, L'\0');
  if (ExpandEnvironmentStringsW(text.c_str(), longer.data(), size) != size) return text;
  longer.resize(size - 1);  // the zero at its end
  return longer;
}

Loaded<std::optional<RegisteredValue>> value_of(HKEY key, const wchar_t* name) {
  DWORD type = 0;
  DWORD size = 0;
  const LSTATUS found = RegQueryValueExW(key, name, nullptr, &type, nullptr, &size);
  if (found == ERROR_FILE_NOT_FOUND) return std::nullopt;
  if (found != ERROR_SUCCESS || size > kMostValueBytes) {
    return std::unexpected(unreadable("R103", utf8(name), found));
  }
  RegisteredValue value{.type = type, .text = {}};
  if (type != kTextValue && type != kExpandableValue) return value;
  std::wstring text(size / sizeof(wchar_t) + 1, L'\0');  // it need not end in a zero
  const LSTATUS read =
      RegQueryValueExW(key, name, nullptr, &type, reinterpret_cast<BYTE*>(text.data()), &size);
  if (read != ERROR_SUCCESS) return std::unexpected(unreadable("R103", utf8(name), read));
  text.resize(text.find(L'\0'));
  value.text = utf8(expanded(text));
  return value;
}

}  // namespace

Loaded<Registered> read_registered() {
  Key key;
  const LSTATUS opened = key.open();
  if (opened == ERROR_FILE_NOT_FOUND) return Registered{};
  if (opened != ERROR_SUCCESS) return std::unexpected(unreadable("R100", "AdminDll", opened));
  Registered registered{.key = true, .display_name = {}, .dll_path = {}};
  auto name = value_of(key.get(), L"DisplayName");
  if (!name) return std::unexpected(name.error());
  auto paths = value_of(key.get(), L"DLLPath");
  if (!paths) return std::unexpected(paths.error());
  registered.display_name = *std::move(name);
  registered.dll_path = *std::move(paths);
  return registered;
}

bool log_refusal(const Refusal& refusal) {
  HANDLE const log = RegisterEventSourceW(nullptr, L"rashost");
  if (log == nullptr) return false;
  const std::u16string units = utf16_of(to_string(refusal)).value_or(u"");
  const std::wstring text(units.begin(), units.end());
  std::array<const wchar_t*, 1> texts = {text.c_str()};
  const BOOL written = ReportEventW(log, EVENTLOG_ERROR_TYPE, 0, event_id_of(refusal), nullptr, 1,
                                    0, texts.data(), nullptr);
  DeregisterEventSource(log);
  return written != FALSE;
}

}  // namespace berth::ras
