// serve.cc - the inside of a worker process.
#include <array>

#include "ras/messages.h"
#include "ras/process.h"
#include "ras/worker.h"

namespace berth::ras {
namespace {

// Exit codes.
constexpr int kDone = 0;
constexpr int kNotAWorker = 2;
constexpr int kBroken = 3;
constexpr int kRefused = 4;

class Serving {
 public:
  explicit Serving(Channel& channel) : channel_(channel) {}

  int run() {
    while (receive()) {
      while (std::optional<Message> message = reader_.next()) {
        // Each answer goes before the next call is made, which may be the last one.
        std::string answer;
        if (!take(*message, answer) || !channel_.send(answer)) return kBroken;
        if (refused_) return kRefused;
      }
      if (reader_.broken()) return kBroken;
    }
    return kDone;
  }

 private:
  bool receive() {
    std::array<char, 65'536> bytes;
    std::size_t got = 0;
    if (channel_.receive(bytes, got, std::chrono::milliseconds(0)) != Received::bytes) return false;
    reader_.add({bytes.data(), got});
    return true;
  }

  bool take(Message& message, std::string& answer) {
    if (const auto* load = std::get_if<Load>(&message)) return take(*load, answer);
    if (const auto* call = std::get_if<std::unique_ptr<ReceivedCall>>(&message)) {
      return take((*call)->call, answer);
    }
    return false;
  }
  bool take(const Load& load, std::string& answer) {
    if (module_) return false;
    Loaded<LoadedModule> loaded =
        load_in_process(load.path, load.strictness, load.initialized, load.manner);
    if (!loaded) {
      encode(loaded.error(), answer);
      refused_ = true;
      return true;
    }
    module_ = std::move(loaded->module);
    encode(Ready{module_->face(), std::move(loaded->warnings)}, answer);
    return true;
  }
  bool take(const Call& call, std::string& answer) {
    if (!module_ || !module_->has(call.callout)) return false;
    encode(module_->call(call), answer);
    return true;
  }

  Channel& channel_;
  MessageReader reader_;
  std::unique_ptr<Module> module_;
  bool refused_ = false;
};

}  // namespace

int run_worker() {
  const Result<std::unique_ptr<Channel>> channel = worker_channel();
  if (!channel) return kNotAWorker;
  return Serving(**channel).run();
}

}  // namespace berth::ras
