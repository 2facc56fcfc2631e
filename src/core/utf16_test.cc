// utf16_test.cc - names go to UTF-16 and come back as they were, and half characters do not.
#include "core/utf16.h"

#include <gtest/gtest.h>

namespace berth {
namespace {

TEST(Utf16, NamesGoAndComeBack) {
  const std::pair<std::string, std::u16string> names[] = {
      {"", u""},
      {"ana", u"ana"},
      {"J\xc3\xbcrgen", u"J\u00fcrgen"},
      {"\xe2\x82\xac", u"\u20ac"},
      {"\xef\xbf\xbf", u"\uffff"},
      {"\xf0\x90\x80\x80", u"\U00010000"},
      {"\xf4\x8f\xbf\xbf", u"\U0010ffff"},
      {std::string("a\0b", 3), std::u16string(u"a\0b", 3)},
  };
  for (const auto& [utf8, utf16] : names) {
    EXPECT_EQ(utf16_of(utf8), utf16);
    EXPECT_EQ(utf8_of(utf16), utf8);
  }
}

TEST(Utf16, EveryUnitThatIsACharacterComesBack) {
  for (std::uint32_t unit = 0; unit <= 0xffff; ++unit) {
    const bool half = unit >= 0xd800 && unit < 0xe000;
    const std::u16string text(1, static_cast<char16_t>(unit));
    const std::optional<std::string> utf8 = utf8_of(text);
    ASSERT_EQ(utf8.has_value(), !half) << unit;
    if (utf8) {
      ASSERT_EQ(utf16_of(*utf8), text);
    }
  }
}

TEST(Utf16, HalfCharactersAreRefused) {
  for (const std::u16string& text :
       {std::u16string(1, char16_t{0xd800}), std::u16string(1, char16_t{0xdc00}),
        std::u16string({char16_t{0xd800}, u'a'}),
        std::u16string({char16_t{0xdc00}, char16_t{0xd800}}),
        std::u16string({char16_t{0xd800}, char16_t{0xd800}, char16_t{0xdc00}})}) {
    EXPECT_EQ(utf8_of(text), std::nullopt);
  }
}

TEST(Utf16, WhatIsNotUtf8IsRefused) {
  for (const char* text : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "a\xf5\x80\x80\x80"}) {
    EXPECT_EQ(utf16_of(text), std::nullopt);
  }
}

}  // namespace
}  // namespace berth
