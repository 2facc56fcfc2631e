// messages.h - all that the RAS side and a worker process say to each other: five messages.
//
//   RAS side ── Load ──▶ worker          which module to load; once, at first
//            ◀── Ready ── or ◀── Refusal
//            ── Call ──▶                 as many as are wanted; made in this order, one by one
//            ◀── Answer ──               one for each, in the same order
//
// Each is a frame: its length in 32 bits, what it is in 8, and its fields, little-endian. A frame
// that is too long or does not read to its end is a fault of the other side: it is given up.
// The two are of one build and on one machine, so there are no versions. Pure.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ras/in_process.h"
#include "ras/refusal.h"

namespace berth::ras {

inline constexpr std::size_t kMaxFrameBytes = std::size_t{256} << 10;

struct Load {
  std::string path;
  Strictness strictness = Strictness::enforced;
  Initialized initialized = Initialized::here;
  Manner manner = Manner::checking;
};

struct Ready {
  Face face;
  std::vector<std::string> warnings;
};

// A Call that owns what it refers to.
struct ReceivedCall {
  Call call;
  ConnectionFacts connection;
  LinkFacts link;
  PreauthenticationFacts preauthentication;
};

using Message = std::variant<Load, Ready, Refusal, std::unique_ptr<ReceivedCall>, Answer>;

// Appends a frame.
void encode(const Load& load, std::string& frames);
void encode(const Ready& ready, std::string& frames);
void encode(const Refusal& refusal, std::string& frames);
void encode(const Call& call, std::string& frames);
void encode(const Answer& answer, std::string& frames);

// Messages out of bytes as they come.
class MessageReader {
 public:
  void add(std::string_view bytes);
  // The next message; nothing: more bytes are needed, or what came cannot be one.
  [[nodiscard]] std::optional<Message> next();
  [[nodiscard]] bool broken() const { return broken_; }

 private:
  std::string bytes_;
  std::size_t used_ = 0;  // of bytes_
  bool broken_ = false;
};

}  // namespace berth::ras
