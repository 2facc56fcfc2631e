// process.h - a worker process, and the two ends of what connects it with us.
//
// One file for each system behind it. Sending and receiving may be done by two threads at once,
// each of the two by one at a time.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>

#include "berth/error.h"

namespace berth::ras {

enum class Received : std::uint8_t { bytes, timeout, closed };

// One end of a connection between two processes: bytes both ways, in order.
class Channel {
 public:
  virtual ~Channel() = default;
  // Waits until all is taken. False: the other side has gone.
  [[nodiscard]] virtual bool send(std::string_view bytes) = 0;
  // Waits for some bytes, `got` of them; no longer than `most`, unless it is zero: then for ever.
  [[nodiscard]] virtual Received receive(std::span<char> into, std::size_t& got,
                                         std::chrono::milliseconds most) = 0;
};

class WorkerProcess {
 public:
  // Starts `program`, which finds its end with worker_channel(). It ends when we do, however that
  // happens, and inherits nothing but its end and standard error.
  [[nodiscard]] static Result<std::unique_ptr<WorkerProcess>> start(const std::string& program);
  // Ends it, if it has not.
  virtual ~WorkerProcess() = default;

  [[nodiscard]] virtual Channel& channel() = 0;
  // Ends it at once, waits for its end, and says how it ended: "was ended by signal 11
  // (Segmentation fault)", "returned 3". Only its own end is told, not ours of it.
  virtual std::string end() = 0;
};

// The program berth-worker that lies beside the one that runs.
[[nodiscard]] std::string worker_program();

// In a worker: its end of the channel. An Error: this process was not started as one.
[[nodiscard]] Result<std::unique_ptr<Channel>> worker_channel();

}  // namespace berth::ras
