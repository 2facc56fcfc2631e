// messages_test.cc - what is sent is what comes, and rubbish is no message.
#include "ras/messages.h"

#include <gtest/gtest.h>

namespace berth::ras {
namespace {

template <class T>
T sent(const T& message) {
  std::string frames;
  encode(message, frames);
  MessageReader reader;
  reader.add(frames);
  std::optional<Message> came = reader.next();
  EXPECT_TRUE(came && std::holds_alternative<T>(*came));
  return std::get<T>(*std::move(came));
}

std::unique_ptr<ReceivedCall> sent_call(const Call& call) {
  std::string frames;
  encode(call, frames);
  MessageReader reader;
  reader.add(frames);
  std::optional<Message> came = reader.next();
  EXPECT_TRUE(came);
  return std::get<std::unique_ptr<ReceivedCall>>(*std::move(came));
}

TEST(Messages, ComeAsTheyWere) {
  const Refusal refusal{87, "R36", "/a.so", "MprAdminReleaseIpAddress", "it has half", "mend it"};
  EXPECT_EQ(sent(refusal), refusal);

  Ready ready{.face = {.style = Style::table, .revision = 2, .callouts = {}},
              .warnings = {"a", ""}};
  add(ready.face.callouts, Callout::validate_preauthenticated);
  const Ready came = sent(ready);
  EXPECT_EQ(came.face.style, Style::table);
  EXPECT_EQ(came.face.callouts, ready.face.callouts);
  EXPECT_EQ(came.warnings, ready.warnings);

  const Answer answer = sent(Answer{.result = 735,
                                    .address = CalloutAddress(InterfaceId(0x0102030405060708)),
                                    .notify_release = true,
                                    .prefix_changed = true,
                                    .administration = "MprAdminPortEnum",
                                    .failure = CallFailure{CallFailure::How::overran, "beyond"}});
  EXPECT_EQ(answer.result, 735U);
  EXPECT_EQ(answer.address, CalloutAddress(InterfaceId(0x0102030405060708)));
  EXPECT_TRUE(answer.notify_release);
  EXPECT_TRUE(answer.prefix_changed);
  EXPECT_EQ(answer.administration, "MprAdminPortEnum");
  EXPECT_EQ(answer.failure->what, "beyond");
  EXPECT_FALSE(sent(Answer{.address = {}, .failure = {}}).failure);
  const Load load =
      sent(Load{"/a.so", Strictness::documented, Initialized::elsewhere, Manner::faithful});
  EXPECT_EQ(load.manner, Manner::faithful);
  EXPECT_EQ(load.strictness, Strictness::documented);
  EXPECT_EQ(load.initialized, Initialized::elsewhere);
}

TEST(Messages, ACallBringsWhatItRefersTo) {
  const auto get = sent_call({.callout = Callout::get_ipv6,
                              .user = u"ana\u00e4",
                              .port = u"VPN2-1",
                              .address = CalloutAddress(InterfaceId(7)),
                              .nothing = true});
  EXPECT_TRUE(get->call.nothing);
  EXPECT_EQ(get->call.user, u"ana\u00e4");
  EXPECT_EQ(get->call.address, CalloutAddress(InterfaceId(7)));

  ConnectionFacts facts;
  facts.handle = Handle{77};
  facts.user = std::u16string(kMaxUserUnits, u'x');
  facts.tunnel = Tunnel::ikev2;
  facts.guid = {1, 2, 3};
  facts.ipv4 = {true, {}, CalloutAddress(Ipv4(0x0a000001))};
  facts.quarantine = QuarantineState::probation;
  facts.counters.frames_received = 5;
  facts.client_endpoint = u"192.0.2.9";
  const auto accept = sent_call({.callout = Callout::accept_connection3, .connection = &facts});
  EXPECT_EQ(accept->call.connection->handle, Handle{77});
  EXPECT_EQ(accept->call.connection->user, facts.user);
  EXPECT_EQ(accept->call.connection->tunnel, Tunnel::ikev2);
  EXPECT_EQ(accept->call.connection->guid, facts.guid);
  EXPECT_TRUE(accept->call.connection->ipv4.up);
  EXPECT_EQ(accept->call.connection->counters.frames_received, 5U);
  EXPECT_EQ(accept->call.connection->client_endpoint, u"192.0.2.9");

  LinkFacts link;
  link.port = Handle{3};
  link.port_name = u"VPN2-17";
  link.up = false;
  const auto hang_up = sent_call({.callout = Callout::hang_up_link, .link = &link});
  EXPECT_EQ(hang_up->call.link->port_name, u"VPN2-17");
  EXPECT_FALSE(hang_up->call.link->up);

  const PreauthenticationFacts client{Handle{4}, u"ana", u"CORP", {1, 2, 3}};
  const auto validate =
      sent_call({.callout = Callout::validate_preauthenticated, .preauthentication = &client});
  EXPECT_EQ(validate->call.preauthentication->info, client.info);
}

TEST(Messages, ComeInAnyPieces) {
  std::string frames;
  for (std::uint32_t i = 0; i < 3; ++i) {
    encode(Answer{.result = i, .address = {}, .failure = {}}, frames);
  }
  MessageReader reader;
  std::uint32_t count = 0;
  for (char byte : frames) {
    reader.add({&byte, 1});
    while (const auto message = reader.next()) {
      EXPECT_EQ(std::get<Answer>(*message).result, count);
      ++count;
    }
  }
  EXPECT_EQ(count, 3U);
  EXPECT_FALSE(reader.broken());
}

TEST(Messages, RubbishIsGivenUp) {
  std::string good;
  encode(Load{"/a.so", Strictness::enforced}, good);
  std::string longer = good;
  longer[0] = static_cast<char>(longer[0] + 1);
  longer += '\0';
  const std::string rubbish[] = {
      std::string(8, '\xff'),            // too long
      std::string("\0\0\0\0", 4),        // nothing in it
      std::string("\1\0\0\0\x63", 5),    // of no known kind
      std::string("\2\0\0\0\3\x63", 6),  // a call of no known callout
      longer,                            // something behind its end
  };
  for (const std::string& bytes : rubbish) {
    MessageReader reader;
    reader.add(bytes);
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.broken());
    reader.add(good);
    EXPECT_FALSE(reader.next()) << "nothing after it can be trusted";
  }
}

}  // namespace
}  // namespace berth::ras
