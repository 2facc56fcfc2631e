// ban_windows.cc - the addresses that the loader wrote into a module, with ours in the place of
// those of mprapi.dll.
#include <atomic>
#include <cstdint>
#include <map>
#include <utility>
#include <windows.h>

#include "ras/ban.h"

namespace berth::ras {
namespace {

constexpr std::size_t kFunctions = kAdministrationFunctions.size();

// As Windows has them; the same for every module.
std::array<std::atomic<AnyFunction>, kFunctions> originals;

// Each of these functions takes at most eight arguments, all of them numbers or pointers, which on
// x64 are passed alike. Handing on eight where there are fewer reads a few words more of our own
// caller's stack, and nobody looks at them.
using Word = std::uintptr_t;
using Any = Word(WINAPI*)(Word, Word, Word, Word, Word, Word, Word, Word);

template <std::size_t Index>
Word WINAPI guarded(Word a, Word b, Word c, Word d, Word e, Word f, Word g, Word h) {
  constexpr std::string_view kName = kAdministrationFunctions.at(Index);
  if (!mprapi::may_call(kName.data())) {
    return kName == "MprAdminIsServiceRunning" ? Word{FALSE} : Word{mprapi::kInsideCallout};
  }
  return reinterpret_cast<Any>(originals.at(Index).load())(a, b, c, d, e, f, g, h);
}

template <std::size_t... Indexes>
constexpr std::array<Any, kFunctions> all_guarded(std::index_sequence<Indexes...>) {
  return {guarded<Indexes>...};
}
constexpr std::array<Any, kFunctions> kGuarded =
    all_guarded(std::make_index_sequence<kFunctions>());

FARPROC WINAPI find_guarded(HMODULE library, LPCSTR name) {
  FARPROC const found = GetProcAddress(library, name);
  HMODULE const mprapi = GetModuleHandleW(L"mprapi.dll");
  if (found == nullptr || mprapi == nullptr || library != mprapi) return found;
  for (std::size_t i = 0; i < kFunctions; ++i) {
    if (found != GetProcAddress(mprapi, kAdministrationFunctions.at(i).data())) continue;
    originals.at(i) = reinterpret_cast<AnyFunction>(found);
    return reinterpret_cast<FARPROC>(reinterpret_cast<AnyFunction>(kGuarded.at(i)));
  }
  return found;
}

// What stands for what in a module.
std::map<AnyFunction, AnyFunction> replacements() {
  std::map<AnyFunction, AnyFunction> all;
  // Windows itself has it twice; what is delayed finds its functions by it as well.
  for (const wchar_t* name : {L"kernel32.dll", L"kernelbase.dll"}) {
    HMODULE const library = GetModuleHandleW(name);
    if (library == nullptr) continue;
    if (FARPROC const found = GetProcAddress(library, "GetProcAddress")) {
      all[reinterpret_cast<AnyFunction>(found)] = reinterpret_cast<AnyFunction>(find_guarded);
    }
  }
  HMODULE const mprapi = GetModuleHandleW(L"mprapi.dll");
  if (mprapi == nullptr) return all;
  for (std::size_t i = 0; i < kFunctions; ++i) {
    FARPROC const found = GetProcAddress(mprapi, kAdministrationFunctions.at(i).data());
    if (found == nullptr) continue;
    originals.at(i) = reinterpret_cast<AnyFunction>(found);
    all[reinterpret_cast<AnyFunction>(found)] = reinterpret_cast<AnyFunction>(kGuarded.at(i));
  }
  return all;
}

void replace(AnyFunction& slot, AnyFunction by) {
  DWORD before = 0;
  if (VirtualProtect(&slot, sizeof slot, PAGE_READWRITE, &before) == 0) return;
  slot = by;
  VirtualProtect(&slot, sizeof slot, before, &before);
}

// Every address that the loader filled in, of whatever library: imports by name and by number.
void patch(char* image) {
  const auto* const dos = reinterpret_cast<const IMAGE_DOS_HEADER*>(image);
  const auto* const headers = reinterpret_cast<const IMAGE_NT_HEADERS*>(image + dos->e_lfanew);
  const IMAGE_DATA_DIRECTORY& imports =
      headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
  if (imports.Size == 0) return;
  const std::map<AnyFunction, AnyFunction> by = replacements();
  const auto* row =
      reinterpret_cast<const IMAGE_IMPORT_DESCRIPTOR*>(image + imports.VirtualAddress);
  for (; row->Name != 0; ++row) {
    for (auto* slot = reinterpret_cast<AnyFunction*>(image + row->FirstThunk); *slot != nullptr;
         ++slot) {
      if (const auto found = by.find(*slot); found != by.end()) replace(*slot, found->second);
    }
  }
}

}  // namespace

Ban::Ban(const Library& module, Manner manner)
    : manner_(manner),
      begins_([](int faithful) {
        mprapi::callout_begins(faithful != 0 ? Manner::faithful : Manner::checking);
      }),
      ended_(mprapi::callout_ended) {
  patch(static_cast<char*>(module.handle()));
}

}  // namespace berth::ras
