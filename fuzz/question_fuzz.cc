// question_fuzz.cc - any bytes as a question to a RAS side, and as its reply: both are read from a
// socket. Whatever is asked has an answer that can be sent.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "berth/error.h"
#include "mprapi/protocol.h"
#include "ras/answers.h"

namespace berth::ras {
namespace {

void ask(const mprapi::Question& question) {
  Live live;
  ConnectionFacts connection;
  connection.handle = Handle{1};
  connection.user = u"ana";
  connection.tunnel = Tunnel::ikev2;
  connection.quarantine = QuarantineState::quarantine;
  LinkFacts link;
  link.port = Handle{2};
  link.connection = connection.handle;
  live.put(connection, {&link, 1});
  Hooks hooks;
  hooks.disconnect = [](Handle port) { BERTH_ASSERT(port == Handle{2}); };
  hooks.send_message = [](Handle, const std::u16string&) { return 0U; };
  hooks.user = [](const std::u16string&) { return UserRights{}; };
  hooks.set_user = [](const std::u16string&, const UserRights&) { return 0U; };

  const mprapi::Reply reply = answer(question, live, hooks);
  BERTH_ASSERT(reply.bytes.size() <= mprapi::kMostReplyBytes);
  BERTH_ASSERT(mprapi::decode_reply(encode(reply)) == reply);
}

}  // namespace
}  // namespace berth::ras

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace mprapi = berth::mprapi;
  const std::string_view frame(reinterpret_cast<const char*>(data), size);
  if (const auto question = mprapi::decode_question(frame)) {
    BERTH_ASSERT(mprapi::decode_question(encode(*question)) == question);
    berth::ras::ask(*question);
  }
  if (const auto reply = mprapi::decode_reply(frame)) {
    BERTH_ASSERT(mprapi::decode_reply(encode(*reply)) == reply);
  }
  return 0;
}
