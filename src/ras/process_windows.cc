// process_windows.cc - a child with one end of a named pipe as its standard input.
#include <array>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>
#include <windows.h>

#include "ras/process.h"

namespace berth::ras {
namespace {

// A system under load may fail to make a process for a reason that passes (ERROR_INTERNAL_ERROR).
constexpr DWORD kMostTries = 5;
constexpr DWORD kBetweenTries = 50;  // milliseconds, each time so many more

class Owned {
 public:
  explicit Owned(HANDLE handle = nullptr) : handle_(handle) {}
  ~Owned() {
    if (*this) CloseHandle(handle_);
  }
  Owned(Owned&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  [[nodiscard]] HANDLE get() const { return handle_; }
  explicit operator bool() const { return handle_ != nullptr && handle_ != INVALID_HANDLE_VALUE; }

 private:
  HANDLE handle_;
};

DWORD in_milliseconds(std::chrono::milliseconds most) {
  return most.count() == 0 ? INFINITE : static_cast<DWORD>(most.count());
}

// Reads and writes that can be given up.
class Pipe final : public Channel {
 public:
  explicit Pipe(Owned pipe)
      : pipe_(std::move(pipe)),
        came_(CreateEventW(nullptr, TRUE, FALSE, nullptr)),
        went_(CreateEventW(nullptr, TRUE, FALSE, nullptr)) {}

  bool send(std::string_view bytes) override {
    while (!bytes.empty()) {
      OVERLAPPED overlapped{};
      overlapped.hEvent = went_.get();
      DWORD sent = 0;
      if (!WriteFile(pipe_.get(), bytes.data(), static_cast<DWORD>(bytes.size()), nullptr,
                     &overlapped) &&
          GetLastError() != ERROR_IO_PENDING) {
        return false;
      }
      if (!GetOverlappedResult(pipe_.get(), &overlapped, &sent, TRUE) || sent == 0) return false;
      bytes.remove_prefix(sent);
    }
    return true;
  }

  Received receive(std::span<char> into, std::size_t& got,
                   std::chrono::milliseconds most) override {
    OVERLAPPED overlapped{};
    overlapped.hEvent = came_.get();
    DWORD came = 0;
    if (!ReadFile(pipe_.get(), into.data(), static_cast<DWORD>(into.size()), nullptr,
                  &overlapped) &&
        GetLastError() != ERROR_IO_PENDING) {
      return Received::closed;
    }
    const bool late = WaitForSingleObject(came_.get(), in_milliseconds(most)) == WAIT_TIMEOUT;
    if (late) CancelIoEx(pipe_.get(), &overlapped);
    // What came just before it was given up counts.
    if (!GetOverlappedResult(pipe_.get(), &overlapped, &came, TRUE) || came == 0) {
      return late ? Received::timeout : Received::closed;
    }
    got = came;
    return Received::bytes;
  }

 private:
  Owned pipe_;
  Owned came_;
  Owned went_;
};

class Child final : public WorkerProcess {
 public:
  Child(Owned process, Owned job, Owned pipe)
      : process_(std::move(process)), job_(std::move(job)), pipe_(std::move(pipe)) {}
  ~Child() override { end(); }

  Channel& channel() override { return pipe_; }

  std::string end() override {
    if (!said_.empty()) return said_;
    // Where it is ending by itself, how it does is what is to be told.
    constexpr DWORD kMoment = 50;
    if (WaitForSingleObject(process_.get(), kMoment) == WAIT_TIMEOUT) {
      TerminateProcess(process_.get(), 1);
      WaitForSingleObject(process_.get(), INFINITE);
    }
    DWORD code = 0;
    GetExitCodeProcess(process_.get(), &code);
    std::array<char, 16> text{};
    snprintf(text.data(), text.size(), code >= 0x80000000 ? "0x%08lX" : "%lu", code);
    said_ = "returned " + std::string(text.data());
    return said_;
  }

 private:
  Owned process_;
  Owned job_;  // ends what is in it when it is closed, so also when we end
  Pipe pipe_;
  std::string said_;
};

Error cannot(const std::string& what) {
  const auto code = static_cast<int>(GetLastError());
  return {Code::store_unavailable, what + ": " + std::system_category().message(code),
          "see whether it is installed, and how many processes are allowed"};
}

// A pipe of which one end can be given up waiting for, and the other be inherited.
struct Ends {
  Owned ours;
  Owned theirs;
};
Result<Ends> make_pipe() {
  static std::atomic<unsigned> made = 0;
  const std::wstring name = LR"(\\.\pipe\berth-worker-)" + std::to_wstring(GetCurrentProcessId()) +
                            L"-" + std::to_wstring(++made);
  constexpr DWORD kBuffer = 256 << 10;
  Ends ends;
  ends.ours = Owned(CreateNamedPipeW(
      name.c_str(), PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
      PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS, 1, kBuffer, kBuffer, 0, nullptr));
  if (!ends.ours) return std::unexpected(cannot("no connection to a worker can be made"));
  SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
  ends.theirs = Owned(CreateFileW(name.c_str(), GENERIC_READ | GENERIC_WRITE, 0, &inherited,
                                  OPEN_EXISTING, FILE_FLAG_OVERLAPPED, nullptr));
  if (!ends.theirs) return std::unexpected(cannot("no connection to a worker can be made"));
  return ends;
}

Owned make_job() {
  Owned job(CreateJobObjectW(nullptr, nullptr));
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
  SetInformationJobObject(job.get(), JobObjectExtendedLimitInformation, &limits, sizeof limits);
  return job;
}

// A crash ends the process at once, with its code. Otherwise a dialogue or a debugger would keep
// it, and whoever waits for its answer would take it for a hang.
LONG WINAPI end_with_code(EXCEPTION_POINTERS* crash) {
  TerminateProcess(GetCurrentProcess(), crash->ExceptionRecord->ExceptionCode);
  return EXCEPTION_EXECUTE_HANDLER;
}

}  // namespace

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(const std::string& program) {
  Result<Ends> ends = make_pipe();
  if (!ends) return std::unexpected(ends.error());
  Owned job = make_job();

  // It inherits its end, and nothing else that happens to be inheritable.
  SIZE_T size = 0;
  InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
  std::vector<char> memory(size);
  auto* const attributes = reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory.data());
  InitializeProcThreadAttributeList(attributes, 1, 0, &size);
  HANDLE theirs = ends->theirs.get();
  UpdateProcThreadAttribute(attributes, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, &theirs,
                            sizeof theirs, nullptr, nullptr);
  STARTUPINFOEXW startup{};
  startup.StartupInfo.cb = sizeof startup;
  startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
  startup.StartupInfo.hStdInput = theirs;
  startup.lpAttributeList = attributes;
  const std::filesystem::path path(reinterpret_cast<const char8_t*>(program.c_str()));
  std::wstring line = L"\"" + path.wstring() + L"\"";
  PROCESS_INFORMATION made{};
  BOOL started = FALSE;
  for (DWORD tries = 0; !started && tries < kMostTries; ++tries) {
    Sleep(tries * kBetweenTries);
    started = CreateProcessW(path.c_str(), line.data(), nullptr, nullptr, TRUE,
                             EXTENDED_STARTUPINFO_PRESENT | CREATE_SUSPENDED | CREATE_NO_WINDOW,
                             nullptr, nullptr, &startup.StartupInfo, &made);
    if (!started && GetLastError() != ERROR_INTERNAL_ERROR) break;
  }
  const Error error = cannot("the worker " + program + " cannot be started");
  DeleteProcThreadAttributeList(attributes);
  if (!started) return std::unexpected(error);
  AssignProcessToJobObject(job.get(), made.hProcess);
  ResumeThread(made.hThread);
  CloseHandle(made.hThread);
  return std::make_unique<Child>(Owned(made.hProcess), std::move(job), std::move(ends->ours));
}

std::string worker_program() {
  std::wstring self(32'768, L'\0');  // longer no path can be
  self.resize(GetModuleFileNameW(nullptr, self.data(), static_cast<DWORD>(self.size())));
  const std::u8string path =
      (std::filesystem::path(self).parent_path() / "berth-worker.exe").u8string();
  return {path.begin(), path.end()};
}

Result<std::unique_ptr<Channel>> worker_channel() {
  SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
  SetUnhandledExceptionFilter(end_with_code);
  HANDLE const input = GetStdHandle(STD_INPUT_HANDLE);
  if (GetFileType(input) != FILE_TYPE_PIPE) {
    return fail(Code::invalid, "this program is started by others, with a pipe as its input",
                "nothing: berthd starts it where it needs it");
  }
  return std::make_unique<Pipe>(Owned(input));
}

}  // namespace berth::ras
