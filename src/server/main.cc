// main.cc - berthd: one book for all access servers, over HTTP.
#include <csignal>
#include <iostream>

#include <CLI/CLI.hpp>

#include "berth/settings.h"
#include "server/front.h"
#include "server/service.h"

namespace berth::server {
namespace {

constexpr int kStopped = 0;
constexpr int kFailed = 1;
constexpr int kWrongUse = 2;

struct Wanted {
  std::string settings = "/etc/berth/berth.toml";
  std::string socket = "/run/berth/berth.sock";
};

int complain(const Error& error) {
  std::cerr << "berthd: " << error.what << '\n';
  if (!error.remedy.empty()) std::cerr << "  " << error.remedy << '\n';
  return kFailed;
}

// Blocks the signals that end it, for all threads that are started from now on.
sigset_t block_signals() {
  sigset_t ends;
  sigemptyset(&ends);
  for (const int each : {SIGINT, SIGTERM}) sigaddset(&ends, each);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  return ends;
}

int serve(const Wanted& wanted) {
  const sigset_t ends = block_signals();
  const Result<Settings> settings = read_settings(wanted.settings);
  if (!settings) return complain(settings.error());
  const auto tell = [](const Event& event) { std::cerr << "berthd: " + event_text(event) + "\n"; };
  // The front is the last to go: book and service may still be answering when it has stopped.
  std::unique_ptr<Front> front;
  Result<std::unique_ptr<Book>> book =
      Book::open(settings->plan, {.path = settings->store, .on_event = tell});
  if (!book) return complain(book.error());
  Service service(**book, BERTH_VERSION);
  auto listening = Front::open({.socket = wanted.socket}, [&service](Asked asked, Respond respond) {
    service.answer(std::move(asked), std::move(respond));
  });
  if (!listening) return complain(listening.error());
  front = *std::move(listening);
  std::cerr << "berthd: ready at " << wanted.socket << '\n';
  int signal = 0;
  sigwait(&ends, &signal);
  std::cerr << "berthd: stops\n";
  front->stop();
  return kStopped;
}

}  // namespace
}  // namespace berth::server

int main(int count, char** arguments) {
  berth::server::Wanted wanted;
  CLI::App app("Gives remote users their addresses, over HTTP: one book for all access servers.",
               "berthd");
  app.set_version_flag("--version", BERTH_VERSION);
  app.add_option("--settings", wanted.settings, "the settings: /etc/berth/berth.toml")
      ->type_name("FILE");
  app.add_option("--socket", wanted.socket, "the Unix socket to listen at: /run/berth/berth.sock")
      ->type_name("PATH");
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? berth::server::kStopped : berth::server::kWrongUse;
  }
  return berth::server::serve(wanted);
}
