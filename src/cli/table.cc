// table.cc - chooses the form of a table, and prints it.
#include "cli/table.h"

#include <algorithm>
#include <numeric>
#include <ostream>

#include "berth/error.h"
#include "text/printable.h"

namespace berth::cli {

namespace {

constexpr std::size_t kBatch = 1000;
constexpr int kGap = 2;  // columns between cells
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kPlain = "\x1b[0m";

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += (all.empty() ? "" : " ") + part;
  return all.empty() ? "-" : all;
}

}  // namespace

Table::Table(World& world, std::vector<TableColumn> columns)
    : out_(world.out),
      terminal_(world.out_terminal),
      columns_(std::move(columns)),
      shown_(columns_.size(), !terminal_.is_there()),
      widths_(columns_.size(), 0) {}

void Table::add(const std::vector<std::string>& row) {
  BERTH_ASSERT(row.size() == columns_.size());
  std::vector<Cell> cells;
  for (std::string_view text : row) {
    Cell& cell = cells.emplace_back();
    while (!text.empty()) {
      std::size_t end = std::min(text.find('\n'), text.size());
      cell.push_back(printable(text.substr(0, end)));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }
  rows_.push_back(std::move(cells));
  if (rows_.size() == kBatch) print_batch();
}

void Table::finish() { print_batch(); }

void Table::print_batch() {
  if (rows_.empty()) return;
  choose_form();
  for (const auto& row : rows_) {
    switch (form_) {
      case Form::lines: print_line(row); break;
      case Form::stacked: print_stacked(row); break;
      case Form::blocks: print_block(row); break;
    }
  }
  rows_.clear();
}

// A form never changes back: rows of one table should look alike. When it changes between two
// batches the header is printed again.
void Table::choose_form() {
  Form form_before = form_;
  std::vector<bool> shown_before = shown_;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    auto has_text = [i](const std::vector<Cell>& row) { return !row[i].empty(); };
    if (std::ranges::any_of(rows_, has_text)) shown_[i] = true;
  }
  measure();
  while (terminal_.is_there() && form_ != Form::blocks && joined_width() > terminal_.columns) {
    form_ = form_ == Form::lines ? Form::stacked : Form::blocks;
    std::ranges::fill(widths_, 0);
    measure();
  }
  bool changed = form_ != form_before || shown_ != shown_before;
  if (started_ && changed && form_ != Form::blocks) out_ << '\n';
  if ((!started_ || changed) && form_ != Form::blocks) print_header();
}

int Table::joined_width() const {
  int width = -kGap;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (shown_[i]) width += widths_[i] + kGap;
  }
  return width;
}

// Widths only grow from batch to batch, so columns stay where they are for as long as possible.
void Table::measure() {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    int& width = widths_[i];
    width = std::max(width, width_of(columns_[i].title));
    for (const auto& row : rows_) {
      if (form_ == Form::lines) {
        width = std::max(width, width_of(joined(row[i])));
      } else {
        for (const std::string& part : row[i]) width = std::max(width, width_of(part));
      }
    }
  }
}

void Table::print_header() {
  std::vector<std::string_view> titles;
  for (const TableColumn& column : columns_) titles.push_back(column.title);
  if (terminal_.colour) out_ << kBold;
  print_cells(titles);
  if (terminal_.colour) out_ << kPlain;
  out_ << '\n';
  started_ = true;
}

void Table::print_line(const std::vector<Cell>& row) {
  std::vector<std::string> texts;
  for (const Cell& cell : row) texts.push_back(joined(cell));
  print_cells({texts.begin(), texts.end()});
  out_ << '\n';
}

void Table::print_stacked(const std::vector<Cell>& row) {
  std::size_t height = 1;
  for (const Cell& cell : row) height = std::max(height, cell.size());
  for (std::size_t line = 0; line < height; ++line) {
    std::vector<std::string_view> parts;
    for (const Cell& cell : row) {
      std::string_view none = line == 0 ? "-" : "";
      parts.push_back(line < cell.size() ? std::string_view(cell[line]) : none);
    }
    print_cells(parts);
    out_ << '\n';
  }
}

void Table::print_block(const std::vector<Cell>& row) {
  if (started_) out_ << '\n';
  started_ = true;
  int width = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (shown_[i]) width = std::max(width, width_of(columns_[i].title));
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::string_view title = columns_[i].title;
    for (const std::string& part : row[i]) {
      int blanks = width - width_of(title) + kGap;
      bool bold = terminal_.colour && !title.empty();
      out_ << (bold ? kBold : "") << title << (bold ? kPlain : "");
      out_ << std::string(static_cast<std::size_t>(blanks), ' ') << part << '\n';
      title = "";
    }
  }
}

// Blanks are written only in front of something, so no line ends in them.
void Table::print_cells(const std::vector<std::string_view>& cells) {
  int owed = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!shown_[i]) continue;
    int room = widths_[i] - width_of(cells[i]);
    if (columns_[i].side == Side::right) owed += room;
    if (!cells[i].empty()) {
      out_ << std::string(static_cast<std::size_t>(owed), ' ') << cells[i];
      owed = 0;
    }
    if (columns_[i].side == Side::left) owed += room;
    owed += kGap;
  }
}

}  // namespace berth::cli
