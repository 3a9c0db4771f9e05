#include "metrics/text_table.h"

#include <algorithm>

#include <unicode/uchar.h>

#include "base/error.h"
#include "base/shown.h"
#include "metrics/python_text.h"

namespace albert::metrics {

namespace {

std::size_t num_columns(char32_t c) {
  const auto point = static_cast<UChar32>(c);
  const auto category = u_charType(point);
  if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK || category == U_FORMAT_CHAR) return 0;
  const int width = u_getIntPropertyValue(point, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

std::size_t num_columns(const std::string& text) {
  std::size_t sum = 0;
  for (const char32_t c : to_characters(text)) sum += num_columns(c);
  return sum;
}

}  // namespace

TextTable::TextTable(std::vector<std::string> header, std::size_t num_left_aligned)
    : num_left_aligned_(num_left_aligned), rows_{std::move(header)} {}

void TextTable::add_row(std::vector<std::string> row) {
  if (row.size() != rows_[0].size()) throw InternalError("{} cells in a row of {}", row.size(), rows_[0].size());
  for (std::string& cell : row) cell = printable(cell);
  rows_.push_back(std::move(row));
}

std::string TextTable::to_text() const {
  std::vector<std::size_t> widths(rows_[0].size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], num_columns(row[i]));
  }
  std::string text;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += "  ";
      const std::string space(widths[i] - num_columns(row[i]), ' ');
      line += i < num_left_aligned_ ? row[i] + space : space + row[i];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace albert::metrics
