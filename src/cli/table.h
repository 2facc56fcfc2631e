// table.h - rows for people: aligned on a terminal, one line a row in a pipe.
//
// On a terminal the table chooses the widest form that fits: one line a row; the parts of a cell
// (a lease's addresses) below each other; or, where even that is too wide, a block of lines a
// row. Nothing is ever cut off, and columns that are empty all the way down are left out. In a
// file or a pipe every row is one line with every column, an empty cell is "-", and nothing
// depends on the width of anything.
//
//   Table table(world, {{"OWNER"}, {"ADDRESS"}, {"HELD", Side::right}});
//   table.add({"ana", "10.8.0.7\n2001:db8::7", "3"});
//   table.finish();
//
// Rows are measured a thousand at a time, so a table of any length costs little memory.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "cli/world.h"

namespace berth::cli {

enum class Side : std::uint8_t { left, right };

struct TableColumn {
  std::string_view title;
  Side side = Side::left;
};

class Table {
 public:
  Table(World& world, std::vector<TableColumn> columns);

  // One cell a column. A line break separates the parts of a cell; all else that a terminal
  // would obey is escaped (printable.h).
  void add(const std::vector<std::string>& row);

  // Prints what is left. Call once, last. Without a single row nothing is printed at all.
  void finish();

 private:
  using Cell = std::vector<std::string>;  // its parts, printable
  enum class Form : std::uint8_t { lines, stacked, blocks };

  void print_batch();
  void choose_form();
  [[nodiscard]] int joined_width() const;
  void measure();
  void print_header();
  void print_line(const std::vector<Cell>& row);
  void print_stacked(const std::vector<Cell>& row);
  void print_block(const std::vector<Cell>& row);
  void print_cells(const std::vector<std::string_view>& cells);

  std::ostream& out_;
  Terminal terminal_;
  std::vector<TableColumn> columns_;
  std::vector<std::vector<Cell>> rows_;  // of this batch

  // How the rows so far were printed. A later batch may widen it.
  Form form_ = Form::lines;
  std::vector<bool> shown_;
  std::vector<int> widths_;
  bool started_ = false;
};

}  // namespace berth::cli
