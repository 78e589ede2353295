#include "table.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <unistd.h>

#include "terminal.hpp"

namespace locket::cli {
namespace {

constexpr std::size_t gap = 2;

// A code point that does not begin in the middle: bytes 10xxxxxx continue one.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

std::string cut(std::string text, std::size_t width) {
  if (width == 0 || characters(text) <= width) return text;
  while (characters(text) >= width) text.pop_back();
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0xC0) text.pop_back();
  return text + "…";
}

std::string coloured(const std::string& line, const char* code, bool colour) {
  return colour ? fmt::format("\x1b[{}m{}\x1b[0m\n", code, line) : line + "\n";
}

}  // namespace

void Table::add(std::vector<std::string> cells, bool faded) {
  cells.resize(titles_.size());
  rows_.push_back({.cells = std::move(cells), .faded = faded});
}

// The last column needs no padding. A width of 0 stands for a column that is left out.
std::string Table::line(const Row& row, const std::vector<std::size_t>& widths, const TableStyle& style) {
  std::string line;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (widths[i] == 0) continue;
    line += row.cells[i] + std::string(widths[i] + gap - characters(row.cells[i]), ' ');
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return cut(std::move(line), style.width);
}

std::string Table::text(const TableStyle& style) const {
  std::vector<std::size_t> widths(titles_.size(), 0);
  for (const Row& row : rows_) {
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], characters(row.cells[i]));
  }
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (widths[i] > 0) widths[i] = std::max(widths[i], titles_[i].size());
  }
  std::string text = coloured(line({.cells = titles_, .faded = false}, widths, style), "1", style.colour);
  for (const Row& row : rows_) text += coloured(line(row, widths, style), "2", style.colour && row.faded);
  return text;
}

TableStyle table_style() {
  if (!is_terminal(STDOUT_FILENO)) return {};
  return {.width = terminal_width(STDOUT_FILENO), .colour = may_colour(STDOUT_FILENO)};
}

}  // namespace locket::cli
