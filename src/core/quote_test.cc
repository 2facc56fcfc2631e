// quote_test.cc - somebody else's text in a sentence of ours.
#include "core/quote.h"

#include <gtest/gtest.h>

#include "core/utf8.h"

namespace berth {
namespace {

using namespace std::string_literals;

TEST(Quote, PlainTextIsItself) {
  EXPECT_EQ(berth::quoted("10.8.0.300"), "\"10.8.0.300\"");
  EXPECT_EQ(berth::quoted(""), "\"\"");
  EXPECT_EQ(berth::quoted("josé"), "\"josé\"");
}

TEST(Quote, WhatCannotBeSeenIsSpeltOut) {
  EXPECT_EQ(berth::quoted("a\0b\xff\n\x7f"s), "\"a\\x00b\\xff\\x0a\\x7f\"");
  EXPECT_EQ(berth::quoted("\xc2\x85"), "\"\\xc2\\x85\"");
}

TEST(Quote, OfALongTextTheBeginningIsShown) {
  EXPECT_EQ(berth::quoted(std::string(64, 'a')), "\"" + std::string(64, 'a') + "\"");
  EXPECT_EQ(berth::quoted(std::string(65536, 'a')), "\"" + std::string(64, 'a') + "…\"");
}

TEST(Quote, ACharacterIsNeverCutInTwo) {
  std::string text = berth::quoted(std::string(63, 'a') + "€€€");
  EXPECT_EQ(text, "\"" + std::string(63, 'a') + "€…\"");
  EXPECT_EQ(find_flaw(text).flaw, Flaw::none);
}

}  // namespace
}  // namespace berth
