// worker.cc - our side of the workers: who waits for whose answer, and what a failure costs.
#include "ras/worker.h"

#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "ras/messages.h"
#include "ras/process.h"

namespace berth::ras {
namespace {

using Time = std::chrono::steady_clock::time_point;
using std::chrono::milliseconds;

milliseconds left_until(Time when) {
  const auto left = std::chrono::ceil<milliseconds>(when - std::chrono::steady_clock::now());
  return std::max(left, milliseconds(1));  // 0 would wait for ever
}

// A process that has loaded a module.
struct Worker {
  std::unique_ptr<WorkerProcess> process;
  MessageReader reader;

  // The next message, if it comes before `until`.
  Received receive(std::optional<Message>& message, Time until) {
    for (;;) {
      message = reader.next();
      if (message) return Received::bytes;
      if (reader.broken()) return Received::closed;
      std::array<char, 65'536> bytes;
      std::size_t got = 0;
      const Received came = process->channel().receive(bytes, got, left_until(until));
      if (came != Received::bytes) return came;
      reader.add({bytes.data(), got});
    }
  }
};

struct Started {
  std::unique_ptr<Worker> worker;
  Ready ready;
};

Refusal no_worker(const std::string& path, std::string what, std::string remedy) {
  return {.code = static_cast<std::uint32_t>(Win32::module_not_found),
          .rule = "R110",
          .module = path,
          .callout = {},
          .what = std::move(what),
          .remedy = std::move(remedy)};
}

Loaded<Started> start(const std::string& path, Strictness strictness, Initialized initialized,
                      const WorkerOptions& options) {
  Result<std::unique_ptr<WorkerProcess>> process = WorkerProcess::start(options.program);
  if (!process) {
    return std::unexpected(no_worker(path, process.error().what, process.error().remedy));
  }
  auto worker = std::make_unique<Worker>();
  worker->process = *std::move(process);
  std::string frame;
  encode(Load{path, strictness, initialized, options.manner}, frame);
  const bool sent = worker->process->channel().send(frame);
  std::optional<Message> message;
  const Received came =
      sent ? worker->receive(message, std::chrono::steady_clock::now() + options.start_deadline)
           : Received::closed;
  if (came == Received::bytes) {
    if (auto* refusal = std::get_if<Refusal>(&*message)) return std::unexpected(*refusal);
    if (auto* ready = std::get_if<Ready>(&*message)) {
      return Started{std::move(worker), std::move(*ready)};
    }
  }
  const std::string ended = worker->process->end();
  return std::unexpected(no_worker(path,
                                   came == Received::timeout
                                       ? "it was not loaded and initialised within " +
                                             std::to_string(options.start_deadline.count()) + " ms"
                                       : "while it was loaded and initialised, its worker " + ended,
                                   "see what its maker says, or take it out of the list"));
}

// One worker and those who wait for it. Whoever waits longest, and has the first answer to come,
// reads for all: a lone caller changes no thread.
class Line {
 public:
  Line(const Module& module, Strictness strictness, Initialized initialized,
       const WorkerOptions& options, std::unique_ptr<Worker> worker)
      : module_(module),
        strictness_(strictness),
        initialized_(initialized),
        options_(options),
        worker_(std::move(worker)) {}

  Answer call(const Call& call) {
    Waiting waiting{.frame = {}, .answer = {}, .changed = {}};
    encode(call, waiting.frame);
    std::unique_lock lock(mutex_);
    if (failures_ >= options_.most_failures) return off();
    if (waiting_.size() >= kMostQueued) return full();
    if (waiting_.empty()) turn_began_ = std::chrono::steady_clock::now();
    waiting_.push_back(&waiting);
    send_more();
    while (!waiting.answer) {
      if (waiting_.front() == &waiting) {
        read_one(lock);
      } else {
        waiting.changed.wait(lock);
      }
    }
    Answer answer = *std::move(waiting.answer);
    lock.unlock();
    if (answer.failure && options_.failed) options_.failed(module_, call, *answer.failure);
    return answer;
  }

 private:
  // Less than the system keeps for a socket or a pipe whose other end does not read.
  static constexpr std::size_t kMostSentBytes = std::size_t{32} << 10;

  struct Waiting {
    std::string frame;
    std::optional<Answer> answer;
    std::condition_variable changed;  // it has its answer, or is the first now
  };

  // Hands over those who wait, but no more than a worker that hangs leaves room for: sending never
  // waits, since the lock is held. A worker that has gone is found by whoever reads.
  void send_more() {
    while (worker_ && sent_ < waiting_.size()) {
      const std::string& frame = waiting_[sent_]->frame;
      if (sent_ > 0 && sent_bytes_ + frame.size() > kMostSentBytes) return;
      static_cast<void>(worker_->process->channel().send(frame));
      sent_bytes_ += frame.size();
      ++sent_;
    }
  }

  // Gets the answer of the first who waits, or finds that there is none.
  void read_one(std::unique_lock<std::mutex>& lock) {
    if (!worker_) replace(lock);
    std::optional<Message> message;
    Received came = Received::closed;
    if (worker_) {
      lock.unlock();
      came = worker_->receive(message, turn_began_ + options_.deadline);
      lock.lock();
    }
    Answer answer;
    if (message && std::holds_alternative<Answer>(*message)) {
      answer = std::get<Answer>(*std::move(message));
      failures_ = answer.failure ? failures_ + 1 : 0;
    } else {
      answer.failure = give_up(came);
      ++failures_;
    }
    Waiting& first = *waiting_.front();
    first.answer = std::move(answer);
    waiting_.pop_front();
    if (worker_ && sent_ > 0) {
      --sent_;
      sent_bytes_ -= first.frame.size();
      send_more();
    }
    turn_began_ = std::chrono::steady_clock::now();
    if (failures_ >= options_.most_failures) {
      fail_all();
    } else if (!waiting_.empty()) {
      waiting_.front()->changed.notify_one();
    }
  }

  // The worker is of no use any more. Why, as a sentence about the call that it had.
  CallFailure give_up(Received came) {
    if (!worker_) return {CallFailure::How::crashed, why_no_worker_};
    const std::string ended = worker_->process->end();
    worker_.reset();
    sent_ = 0;
    sent_bytes_ = 0;
    if (came == Received::timeout) {
      return {CallFailure::How::deadline, "module " + module_.path() + " did not return within " +
                                              std::to_string(options_.deadline.count()) +
                                              " ms; its worker was ended"};
    }
    return {CallFailure::How::crashed, "in module " + module_.path() + ": its worker " + ended};
  }

  // A new worker, which is sent all that waits.
  void replace(std::unique_lock<std::mutex>& lock) {
    lock.unlock();
    Loaded<Started> started = start(module_.path(), strictness_, initialized_, options_);
    lock.lock();
    if (!started) {
      why_no_worker_ = to_string(started.error());
      return;
    }
    worker_ = std::move(started->worker);
    turn_began_ = std::chrono::steady_clock::now();
    send_more();
  }

  void fail_all() {
    for (Waiting* each : waiting_) {
      each->answer = Answer{.address = {}, .failure = off_failure()};
      each->changed.notify_one();
    }
    waiting_.clear();
  }

  [[nodiscard]] CallFailure off_failure() const {
    return {CallFailure::How::off, "module " + module_.path() + " is switched off after " +
                                       std::to_string(failures_) + " failures in a row"};
  }
  [[nodiscard]] Answer off() const { return {.address = {}, .failure = off_failure()}; }
  [[nodiscard]] Answer full() const {
    return {.address = {},
            .failure = CallFailure{CallFailure::How::deadline, std::to_string(kMostQueued) +
                                                                   " calls wait for module " +
                                                                   module_.path() + " already"}};
  }

  const Module& module_;
  const Strictness strictness_;
  const Initialized initialized_;
  const WorkerOptions& options_;

  std::mutex mutex_;
  // All below are guarded by mutex_; the receiving end of worker_ is the first waiting one's.
  std::unique_ptr<Worker> worker_;
  std::string why_no_worker_;
  std::deque<Waiting*> waiting_;  // in the order of their calls
  std::size_t sent_ = 0;          // of them, the first so many,
  std::size_t sent_bytes_ = 0;    // with so many bytes
  Time turn_began_;               // of the first
  int failures_ = 0;              // in a row
};

class InWorkers final : public Module {
 public:
  InWorkers(std::string path, const Face& face, Strictness strictness, WorkerOptions options,
            std::unique_ptr<Worker> address, std::unique_ptr<Worker> connection)
      : Module(std::move(path), face),
        options_(std::move(options)),
        address_(*this, strictness, options_.addresses, options_, std::move(address)),
        connection_(*this, strictness, Initialized::here, options_, std::move(connection)) {}

  Answer call(const Call& call) override {
    if (call.callout == Callout::terminate) {
      Answer address = address_.call(call);
      Answer connection = connection_.call(call);
      return address.failure ? address : connection;
    }
    return group_of(call.callout) == Group::address ? address_.call(call) : connection_.call(call);
  }

 private:
  const WorkerOptions options_;
  Line address_;
  Line connection_;
};

}  // namespace

Loaded<LoadedModule> load_in_workers(const std::string& path, Strictness strictness,
                                     const WorkerOptions& options) {
  Loaded<Started> connection = start(path, strictness, Initialized::here, options);
  if (!connection) return std::unexpected(connection.error());
  Loaded<Started> address = start(path, strictness, options.addresses, options);
  if (!address) return std::unexpected(address.error());
  return LoadedModule{
      std::make_unique<InWorkers>(path, connection->ready.face, strictness, options,
                                  std::move(address->worker), std::move(connection->worker)),
      std::move(connection->ready.warnings)};
}

}  // namespace berth::ras
