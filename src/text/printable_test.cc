// printable_test.cc - nothing that a user is called can drive a terminal.
#include "text/printable.h"

#include <gtest/gtest.h>

namespace berth {
namespace {

TEST(Printable, LeavesOrdinaryTextAlone) {
  EXPECT_EQ(printable("ana@corp.example"), "ana@corp.example");
  EXPECT_EQ(printable("Zoë 山田 Ω"), "Zoë 山田 Ω");
}

TEST(Printable, EscapesControls) {
  EXPECT_EQ(printable("a\x1b[31mb\n"), "a\\x1b[31mb\\x0a");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(printable("\x7f"), "\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\x9b31m");  // CSI as one character of C1
}

TEST(Printable, EscapesWhatTurnsALineAround) {
  EXPECT_EQ(printable("\u202e"
                      "ana"),
            "\\u202eana");
  EXPECT_EQ(printable("a\u200b"
                      "b"),
            "a\\u200bb");
}

TEST(Printable, EscapesWhatMakesTwoNamesLookAlike) {
  EXPECT_EQ(printable("a\u00ad"
                      "na"),
            "a\\u00adna");
  EXPECT_EQ(printable("a\U000e0061"
                      "na"),
            "a\\U000e0061na");
  for (const char* invisible : {"\u034f", "\u115f", "\u1160", "\u180e", "\u2060", "\u3164",
                                "\ufe0f", "\uffa0", "\U000e0001", "\U000e0100"}) {
    EXPECT_TRUE(printable(invisible).starts_with('\\')) << printable(invisible);
  }
}

TEST(Printable, EscapesWhatIsNotUtf8) {
  EXPECT_EQ(printable("a\xff\xc3"), "a\\xff\\xc3");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // a surrogate
}

TEST(Printable, MeasuresColumnsNotBytes) {
  EXPECT_EQ(width_of("ana"), 3);
  EXPECT_EQ(width_of("Zoë"), 3);
  EXPECT_EQ(width_of("Zoe\u0308"), 3);
  EXPECT_EQ(width_of("山田"), 4);
  // Emoji, and wide signs between narrow ones.
  for (const char* wide : {"\U0001f680", "\U0001fa70", "\u231a", "\u26a1", "\u2705"}) {
    EXPECT_EQ(width_of(wide), 2) << wide;
  }
  EXPECT_EQ(width_of("\u2600"), 1);
  EXPECT_EQ(width_of("\u0e01\u0e31\u0e48"), 1);  // Thai
  EXPECT_EQ(width_of("\u0915\u0941\u094d"), 1);  // Devanagari
  EXPECT_EQ(width_of("\u1112\u1161\u11ab"), 2);  // a syllable of Hangul in three parts
}

}  // namespace
}  // namespace berth
