// printable_test.cc - nothing that a user is called can drive a terminal.
#include "cli/printable.h"

#include <gtest/gtest.h>

namespace berth::cli {
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

TEST(Printable, EscapesWhatIsNotUtf8) {
  EXPECT_EQ(printable("a\xff\xc3"), "a\\xff\\xc3");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // a surrogate
}

TEST(Printable, MeasuresColumnsNotBytes) {
  EXPECT_EQ(width_of("ana"), 3);
  EXPECT_EQ(width_of("Zoë"), 3);
  EXPECT_EQ(width_of("Zoe\u0308"), 3);
  EXPECT_EQ(width_of("山田"), 4);
}

}  // namespace
}  // namespace berth::cli
