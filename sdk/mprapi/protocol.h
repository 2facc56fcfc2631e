// protocol.h - what libmprapi.so asks a RAS side, and what it is answered: one question, one reply.
//
//   library ── Question ──▶ RAS side      over a Unix socket that serves this one question
//           ◀── Reply ──
//
// Each is a frame: its length in 32 bits, then its fields, little-endian. A frame that is longer
// than its limit, or does not read to its end, is given up. Structures travel as they lie in
// memory, since the RAS side fills them (ras/describe.h) and both are on one machine. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace berth::mprapi {

// A closed list. What `handle`, `level` and the rest mean stands beside each; codes are those of
// ras_admin/administration.h.
enum class Function : std::uint8_t {
  service,            // is it there?
  server_info,        // MPR_SERVER_0
  connections,        // `level`, from behind `resume` on, at most `most` bytes
  connection,         // `handle`, `level`
  clear_connection,   // `handle`
  end_quarantine,     // `handle`
  end_quarantine_of,  // `handle` is an IPv4 address, its bytes in network order
  update_connection,  // `handle`; `text` the server's end, `more` the client's
  send_message,       // `handle`, `text`
  ports,              // of connection `handle`, or of all: 0; else as connections
  port,               // `handle`, `level`
  clear_port,         // `handle`
  reset_port,         // `handle`
  disconnect_port,    // `handle`
  user,               // `text`, `level`
  set_user,           // `text`, `level`, `bytes`
};
inline constexpr std::uint8_t kFunctions = 16;

// A level beside those of the functions: RAS_CONNECTION_EX.
inline constexpr std::uint32_t kLevelEx = 1000;

// Longest text, in units, and longest structure that comes with a question.
inline constexpr std::size_t kMostUnits = 4096;
inline constexpr std::size_t kMostQuestionBytes = 512;
// Longest frames, without their lengths.
inline constexpr std::size_t kMostQuestion = std::size_t{32} << 10;
inline constexpr std::size_t kMostReply = std::size_t{1} << 20;
// What structures may take of a reply.
inline constexpr std::size_t kMostReplyBytes = kMostReply - 64;

struct Question {
  Function function = Function::service;
  std::uint32_t level = 0;
  std::uint64_t handle = 0;
  std::uint32_t resume = 0;
  std::uint32_t most = 0;
  std::u16string text = {};
  std::u16string more = {};
  std::string bytes = {};

  bool operator==(const Question&) const = default;
};

struct Reply {
  std::uint32_t code = 0;   // NO_ERROR, ERROR_MORE_DATA, or why not
  std::uint32_t read = 0;   // structures in `bytes`,
  std::uint32_t total = 0;  // of so many from the beginning
  std::uint32_t resume = 0;
  std::string bytes = {};

  bool operator==(const Reply&) const = default;
};

// Frames. Texts and bytes must keep to their limits.
[[nodiscard]] std::string encode(const Question& question);
[[nodiscard]] std::string encode(const Reply& reply);

// How long the frame is that begins like this, its length included; nothing: more bytes are
// needed to tell. 0: longer than `most`.
[[nodiscard]] std::optional<std::size_t> frame_size(std::string_view bytes, std::size_t most);

// A whole frame; nothing: it is none.
[[nodiscard]] std::optional<Question> decode_question(std::string_view frame);
[[nodiscard]] std::optional<Reply> decode_reply(std::string_view frame);

}  // namespace berth::mprapi
