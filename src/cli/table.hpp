#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace locket::cli {

/// How a table is written.
struct TableStyle {
  /// Columns of the terminal: what is longer loses the end of its last column. 0: nothing is cut.
  std::size_t width = 0;
  bool colour = false;
};

/// Columns of text for people.
class Table {
 public:
  explicit Table(std::vector<std::string> titles) : titles_(std::move(titles)) {}

  /// `faded`: what is there no more.
  void add(std::vector<std::string> cells, bool faded = false);

  /// Columns that are empty in all rows are left out.
  std::string text(const TableStyle& style) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    bool faded;
  };
  static std::string line(const Row& row, const std::vector<std::size_t>& widths, const TableStyle& style);

  std::vector<std::string> titles_;
  std::vector<Row> rows_ = {};
};

/// As standard output is: a terminal's width and colours, or neither.
TableStyle table_style();

}  // namespace locket::cli
