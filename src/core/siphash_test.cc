// siphash_test.cc - the published vectors, and that texts do not run together.
#include "core/siphash.h"

#include <string>

#include <gtest/gtest.h>

namespace berth {
namespace {

// The reference key: bytes 00 01 … 0f, read as two little-endian words.
constexpr SipKey kReferenceKey = {0x0706050403020100, 0x0f0e0d0c0b0a0908};

// 00 01 02 …, as long as asked for: the messages of the reference vectors.
std::string counting(std::size_t length) {
  std::string message;
  for (std::size_t i = 0; i < length; ++i) message.push_back(static_cast<char>(i));
  return message;
}

TEST(SipHash, GivesThePublishedVectors) {
  // Aumasson and Bernstein, appendix A, for 15 bytes; the others from their vectors.h.
  EXPECT_EQ(SipHash(kReferenceKey).bytes(counting(15)).take(), 0xa129ca6149be45e5U);
  EXPECT_EQ(SipHash(kReferenceKey).bytes("").take(), 0x726fdb47dd0e0e31U);
  EXPECT_EQ(SipHash(kReferenceKey).bytes(counting(1)).take(), 0x74f839c593dc67fdU);
  EXPECT_EQ(SipHash(kReferenceKey).bytes(counting(8)).take(), 0x93f5f5799a932462U);
}

TEST(SipHash, DoesNotCareInWhichPiecesBytesCome) {
  const std::string message = counting(40);
  const std::uint64_t whole = SipHash(kReferenceKey).bytes(message).take();
  for (std::size_t cut = 0; cut <= message.size(); ++cut) {
    EXPECT_EQ(SipHash(kReferenceKey)
                  .bytes(std::string_view(message).substr(0, cut))
                  .bytes(std::string_view(message).substr(cut))
                  .take(),
              whole)
        << "cut at " << cut;
  }
}

TEST(SipHash, TellsTextsApartByWhereTheyEnd) {
  EXPECT_NE(SipHash(kReferenceKey).text("ab").text("c").take(),
            SipHash(kReferenceKey).text("a").text("bc").take());
}

}  // namespace
}  // namespace berth
