// system_posix.cc - terminals and places on Linux and its like.
#include <csignal>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/system.h"

namespace berth::cli {

namespace {

constexpr int kUsualColumns = 80;  // where a terminal does not know its width

Terminal terminal_of(int stream) {
  Terminal terminal;
  if (::isatty(stream) == 0) return terminal;
  winsize size{};
  bool known = ::ioctl(stream, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  terminal.columns = known ? size.ws_col : kUsualColumns;
  const char* no_colour = std::getenv("NO_COLOR");
  const char* kind = std::getenv("TERM");
  bool dumb = kind == nullptr || std::string_view(kind) == "dumb";
  terminal.colour = !dumb && (no_colour == nullptr || *no_colour == '\0');
  return terminal;
}

}  // namespace

// Whoever started us may have left SIGPIPE ignored; then `berth leases | head` would complain.
void prepare_system() { std::signal(SIGPIPE, SIG_DFL); }

std::vector<std::string> arguments(int argc, char** argv) { return {argv + 1, argv + argc}; }

Terminal out_terminal() { return terminal_of(STDOUT_FILENO); }

Terminal err_terminal() { return terminal_of(STDERR_FILENO); }

bool in_is_terminal() { return ::isatty(STDIN_FILENO) != 0; }

bool may_write(const std::string& folder) { return ::access(folder.c_str(), W_OK | X_OK) == 0; }

std::vector<std::string> settings_places() {
  std::vector<std::string> places;
  if (const char* named = std::getenv("BERTH_SETTINGS"); named != nullptr && *named != '\0') {
    places.emplace_back(named);
  }
  places.emplace_back("berth.toml");
  places.emplace_back("/etc/berth/berth.toml");
  return places;
}

}  // namespace berth::cli
