// csv_test.cc - CSV is read as RFC 4180 has it, and wrong CSV is refused with its place.
#include "text/csv.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace berth {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Rows = std::vector<std::vector<std::string>>;

Result<Rows> read_all(const std::string& text) {
  std::istringstream in(text);
  CsvReader reader(in, "users.csv");
  Rows rows;
  for (CsvRow row;;) {
    Result<bool> more = reader.next(row);
    if (!more) return std::unexpected(more.error());
    if (!*more) return rows;
    rows.emplace_back(row.fields.begin(), row.fields.end());
  }
}

std::string error_of(const std::string& text) {
  Result<Rows> rows = read_all(text);
  return rows ? "no error" : rows.error().what;
}

TEST(Csv, ReadsRowsWhateverTheirLinesEndIn) {
  Rows expected = {{"a", "b"}, {"c", ""}, {"", "d"}};
  EXPECT_EQ(read_all("a,b\nc,\n,d\n"), expected);
  EXPECT_EQ(read_all("a,b\r\nc,\r\n,d\r\n"), expected);
  EXPECT_EQ(read_all("a,b\nc,\n,d"), expected);
}

TEST(Csv, QuotesKeepCommasQuotesAndLineBreaks) {
  EXPECT_EQ(read_all("\"a,b\",\"c\"\"d\",\"e\nf\",\"\"\n"), (Rows{{"a,b", "c\"d", "e\nf", ""}}));
}

TEST(Csv, PassesOverAByteOrderMarkAndEmptyLines) {
  EXPECT_EQ(read_all("\xEF\xBB\xBF"
                     "a\n\n\r\nb\n\n"),
            (Rows{{"a"}, {"b"}}));
  EXPECT_EQ(read_all(""), Rows{});
  EXPECT_EQ(read_all("\xEF\xBB\xBF"), Rows{});
  EXPECT_EQ(read_all("\xEF"
                     "a\n"),
            (Rows{{"\xEF"
                   "a"}}));  // no mark, whatever it is
}

TEST(Csv, KnowsTheLineThatARowBeganIn) {
  std::istringstream in("a\n\n\"b\nc\"\nd\n");
  CsvReader reader(in, "users.csv");
  CsvRow row;
  std::vector<std::uint64_t> lines;
  while (*reader.next(row)) lines.push_back(row.line);
  EXPECT_THAT(lines, ElementsAre(1, 3, 5));
  EXPECT_EQ(reader.bytes_read(), in.str().size());
}

TEST(Csv, RefusesWhatIsNotCsvAndSaysWhere) {
  EXPECT_EQ(error_of("a\nb,c\"d\n"),
            "users.csv:2:4: a quote inside a field that does not begin with one");
  EXPECT_EQ(error_of("a\n\"b\"c\n"), "users.csv:2:4: text behind a closing quote");
  EXPECT_EQ(error_of("a\rb\n"), "users.csv:1:3: a carriage return without a line feed");
  EXPECT_EQ(error_of("a\n\"b\nc"), "users.csv:3:2: the quote that opens in line 2 is never closed");
}

TEST(Csv, StaysStoppedAfterAnError) {
  std::istringstream in("a\"\nb\n");
  CsvReader reader(in, "users.csv");
  CsvRow row;
  EXPECT_FALSE(reader.next(row));
  EXPECT_FALSE(reader.next(row));
}

TEST(Csv, HasLimits) {
  std::string longest(kMaxCsvRowBytes, 'x');
  EXPECT_EQ(read_all(longest), (Rows{{longest}}));
  EXPECT_THAT(error_of(longest + "x"), HasSubstr("a row of more than 65536 bytes"));
  std::string most(kMaxCsvFields - 1, ',');
  EXPECT_EQ(read_all(most)->at(0).size(), kMaxCsvFields);
  EXPECT_THAT(error_of(most + ","), HasSubstr("more than 256 fields"));
}

TEST(Csv, TakesBytesAsTheyAre) {
  std::string odd("\x00\xff\x1b", 3);
  EXPECT_EQ(read_all(odd + "\n"), (Rows{{odd}}));
}

TEST(Csv, FindsColumnsInAnyOrder) {
  constexpr CsvColumn kColumns[] = {
      {"user"}, {"ipv4", CsvColumn::Need::optional}, {"ipv6", CsvColumn::Need::optional}};
  std::istringstream in("");
  CsvReader reader(in, "users.csv");
  auto find = [&](std::vector<std::string_view> names) {
    return find_columns(reader, {1, std::move(names)}, kColumns);
  };
  EXPECT_THAT(*find({"ipv4", "user"}), ElementsAre(1, 0, -1));
  EXPECT_EQ(find({"ipv4"}).error().what, "users.csv:1: column user is missing");
  EXPECT_EQ(find({"user", "user"}).error().what, "users.csv:1: column user is there twice");
  EXPECT_EQ(find({"user", "mail"}).error().what, "users.csv:1: no column is called \"mail\"");
  EXPECT_THAT(find({"mail"}).error().remedy, HasSubstr("user,ipv4,ipv6"));
}

TEST(Csv, WhatIsWrittenIsReadBack) {
  Rows rows = {{"plain", "with,comma", "with \"quotes\""},
               {""},
               {"", ""},
               {"line\nbreak", "cr\r"},
               {"\xEF\xBB\xBF"
                "x"}};
  std::ostringstream out;
  for (const auto& row : rows) {
    write_csv_row(out, std::vector<std::string_view>(row.begin(), row.end()));
  }
  EXPECT_EQ(read_all(out.str()), rows);
  EXPECT_THAT(out.str(), HasSubstr("plain,\"with,comma\",\"with \"\"quotes\"\"\"\n\"\"\n,\n"));
}

}  // namespace
}  // namespace berth
