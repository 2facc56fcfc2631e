// default_store_windows.cc - the store of who names none: where Windows keeps the data of services.
#include <windows.h>

#include "berth/settings.h"
#include "core/utf16.h"

namespace berth {

std::string default_store() {
  constexpr DWORD kLongest = 32'767;  // of a variable, and of a path
  std::u16string folder(kLongest, u'\0');
  const DWORD size =
      GetEnvironmentVariableW(L"ProgramData", reinterpret_cast<wchar_t*>(folder.data()), kLongest);
  folder.resize(size < kLongest ? size : 0);
  return utf8_of(folder).value_or("") + R"(\Berth\leases.db)";
}

}  // namespace berth
