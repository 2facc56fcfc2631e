// module.h - an administration module, however it is reached: in this process or in another.
//
// A Module makes one call of a group at a time (R115 to R119): those who come meanwhile wait for
// their turn. Any thread may call.
#pragma once

#include <string>
#include <vector>

#include "ras/facts.h"
#include "ras/presence.h"

namespace berth::ras {

// What a module is asked. Which of these matter follows from the callout.
struct Call {
  Callout callout = Callout::initialize;
  // Of the address callouts; of a Get what RAS proposes, or none (R22).
  std::u16string user = {};
  std::u16string port = {};
  CalloutAddress address = {};
  // Of those about a connection or a link, for the time of the call.
  const ConnectionFacts* connection = nullptr;
  const LinkFacts* link = nullptr;
  const PreauthenticationFacts* preauthentication = nullptr;
  // Every pointer of the callout is NULL: what RAS never does, and a module should bear (R7).
  bool nothing = false;
};

// Why there is no answer.
struct CallFailure {
  enum class How : std::uint8_t {
    deadline,  // it did not come in time; the worker was ended
    crashed,   // the worker died in it
    overran,   // it wrote where it may not
    kept,      // it wrote to memory of an earlier call (R6)
    off,       // the module was switched off before
  };
  How how = How::deadline;
  std::string what;  // one sentence, with module, callout and signal

  bool operator==(const CallFailure&) const = default;
};

// What it answered. Without a failure, `result` is what the callout returned: an error code of
// Windows, or a BOOL; 0 where it returns nothing.
struct Answer {
  std::uint32_t result = 0;
  CalloutAddress address;       // of a Get: what it left there
  bool notify_release = false;  // of a Get: it wants the Release (R30)
  bool prefix_changed = false;  // of a Get for IPv6: it wrote to the half that is RAS's (R47)
  // The administration function that the callout called, and may not (R130); empty: none.
  std::string administration = {};
  std::optional<CallFailure> failure;
};

class Module {
 public:
  virtual ~Module() = default;
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  // The path that it was loaded from.
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const Face& face() const { return face_; }
  // How it is told of connections; a call takes its callout from here.
  [[nodiscard]] const Flavours& flavours() const { return flavours_; }
  [[nodiscard]] bool has(Callout callout) const { return ras::has(face_.callouts, callout); }

  // Makes the call. `callout` must be one that the module has.
  [[nodiscard]] virtual Answer call(const Call& call) = 0;

 protected:
  Module(std::string path, const Face& face)
      : path_(std::move(path)), face_(face), flavours_(flavours_of(face)) {}

 private:
  std::string path_;
  Face face_;
  Flavours flavours_;
};

}  // namespace berth::ras
