// utf8_test.cc - which bytes are UTF-8, and which characters are controls.
#include "core/utf8.h"

#include <initializer_list>
#include <string>

#include <gtest/gtest.h>

namespace berth {
namespace {

TEST(Utf8, CharactersAreOneToFourBytesLong) {
  EXPECT_EQ(utf8_length("a"), 1U);
  EXPECT_EQ(utf8_length("é"), 2U);
  EXPECT_EQ(utf8_length("€"), 3U);
  EXPECT_EQ(utf8_length("😀"), 4U);
}

TEST(Utf8, TheEdgesOfEachLengthAreIn) {
  for (std::string_view edge :
       {"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(utf8_length(edge), edge.size());
  }
}

TEST(Utf8, OverlongFormsSurrogatesAndBrokenOnesAreOut) {
  for (std::string_view bad : {"\x80",
                               "\xbf",
                               "\xc0\x80",
                               "\xc1\xbf",
                               "\xe0\x80\x80",
                               "\xe0\x9f\xbf",
                               "\xed\xa0\x80",
                               "\xed\xbf\xbf",
                               "\xf0\x80\x80\x80",
                               "\xf0\x8f\xbf\xbf",
                               "\xf4\x90\x80\x80",
                               "\xf5\x80\x80\x80",
                               "\xfe",
                               "\xff",
                               "\xc2",
                               "\xe2\x82",
                               "\xf0\x9f\x98",
                               "\xc2\x41",
                               "\xe2\x41\x82",
                               "\xe2\x82\x41",
                               "\xf0\x9f\x98\x41"}) {
    EXPECT_EQ(utf8_length(bad), 0U);
  }
}

// A control at every place of a word of eight bytes and beside it, as the fast path reads them.
TEST(Utf8, AFlawIsFoundWhereItIs) {
  for (std::size_t at = 0; at < 20; ++at) {
    for (std::string_view flaw : {std::string_view("\0", 1), std::string_view("\x1f"),
                                  std::string_view("\x7f"), std::string_view("\xc2\x85")}) {
      std::string text(20, 'a');
      text.replace(at, 1, flaw);
      EXPECT_EQ(find_flaw(text).flaw, Flaw::control) << at;
      EXPECT_EQ(find_flaw(text).at, at);
    }
    std::string text(20, '~');
    EXPECT_EQ(find_flaw(text).flaw, Flaw::none);
    text[at] = '\xff';
    EXPECT_EQ(find_flaw(text).flaw, Flaw::not_utf8);
    EXPECT_EQ(find_flaw(text).at, at);
  }
}

TEST(Utf8, EveryByteOfAsciiIsAControlOrNot) {
  for (int byte = 0; byte < 0x80; ++byte) {
    std::string text(16, static_cast<char>(byte));
    bool control = byte < 0x20 || byte == 0x7f;
    EXPECT_EQ(find_flaw(text).flaw, control ? Flaw::control : Flaw::none) << byte;
  }
}

TEST(Utf8, OnlyC1AreControlsAmongTwoBytes) {
  EXPECT_EQ(find_flaw("\xc2\x80").flaw, Flaw::control);
  EXPECT_EQ(find_flaw("\xc2\x9f").flaw, Flaw::control);
  EXPECT_EQ(find_flaw("\xc2\xa0").flaw, Flaw::none);
}

}  // namespace
}  // namespace berth
