// protocol_test.cc - what is sent is what comes, and rubbish is nothing.
#include "mprapi/protocol.h"

#include <gtest/gtest.h>

namespace berth::mprapi {
namespace {

const Question kQuestion{.function = Function::set_user,
                         .level = 1,
                         .handle = 0x1122334455667788,
                         .resume = 7,
                         .most = 1 << 20,
                         .text = u"ana\u00e4",
                         .more = u"",
                         .bytes = std::string(262, '\1')};

TEST(Protocol, WhatIsSentIsWhatComes) {
  EXPECT_EQ(decode_question(encode(kQuestion)), kQuestion);
  const Reply reply{.code = 234, .read = 2, .total = 3, .resume = 9, .bytes = "ab"};
  EXPECT_EQ(decode_reply(encode(reply)), reply);
}

TEST(Protocol, AFrameSaysHowLongItIs) {
  const std::string frame = encode(kQuestion);
  EXPECT_EQ(frame_size(frame, kMostQuestion), frame.size());
  EXPECT_FALSE(frame_size(frame.substr(0, 3), kMostQuestion));
  EXPECT_EQ(frame_size(frame, 10), 0U) << "longer than its limit";
}

TEST(Protocol, RubbishIsNothing) {
  const std::string frame = encode(kQuestion);
  for (std::size_t size = 0; size < frame.size(); ++size) {
    EXPECT_FALSE(decode_question(frame.substr(0, size))) << size;
  }
  EXPECT_FALSE(decode_question(frame + '\0'));
  std::string unknown = frame;
  unknown[4] = static_cast<char>(kFunctions);
  EXPECT_FALSE(decode_question(unknown));
  EXPECT_FALSE(decode_reply(std::string(19, '\0')));
}

}  // namespace
}  // namespace berth::mprapi
