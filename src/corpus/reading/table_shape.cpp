#include "corpus/reading/table_shape.h"

#include <algorithm>
#include <vector>

#include "text/whitespace.h"

namespace albert::corpus {

namespace {

constexpr std::size_t kMaxRows = 20;  ///< that are looked at
constexpr std::size_t kMinRows = 3;
constexpr std::size_t kMaxNameBytes = 40;  ///< of a column

using Row = std::vector<std::string_view>;  ///< cells with their quotation marks

/// Cuts the next row off. A cell may be quoted, and hold delimiters and line ends then; but in rows with tabs a
/// quotation mark is a character like others.
/// \param is_all the text's end is a row's end
/// \return nothing if the text ends within the row
std::optional<Row> cut_row(std::string_view& text, char delimiter, bool is_all) {
  Row row;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' && delimiter != '\t') quoted = !quoted;
    const bool ends = !quoted && (text[i] == '\n' || text[i] == '\r');
    if (quoted || (text[i] != delimiter && !ends)) continue;
    row.push_back(text.substr(begin, i - begin));
    begin = i + 1;
    if (!ends) continue;
    text.remove_prefix(begin);
    return row;
  }
  if (!is_all || text.empty()) return std::nullopt;
  row.push_back(text.substr(begin));
  text = {};
  return row;
}

std::vector<Row> first_rows(const Head& head, char delimiter) {
  std::vector<Row> rows;
  std::string_view rest = head.bytes;
  while (rows.size() < kMaxRows) {
    const std::optional<Row> row = cut_row(rest, delimiter, head.is_all);
    if (!row) break;
    const auto is_blank = [](std::string_view cell) { return text::trim(cell).empty(); };
    if (!std::ranges::all_of(*row, is_blank)) rows.push_back(*row);
  }
  return rows;
}

bool is_column_name(std::string_view cell) {
  return !cell.empty() && cell.size() <= kMaxNameBytes && text::trim(cell) == cell &&
         std::string_view(".?!:").find(cell.back()) == std::string_view::npos;
}

bool is_table(const std::vector<Row>& rows, char delimiter) {
  if (rows.size() < kMinRows || rows.front().size() < 2) return false;
  const bool even = std::ranges::all_of(rows, [&](const Row& row) { return row.size() == rows.front().size(); });
  return even && (delimiter == '\t' || std::ranges::all_of(rows.front(), is_column_name));
}

}  // namespace

std::optional<TableShape> find_table(const Head& head) {
  for (const char delimiter : {'\t', ',', ';', '|'}) {
    const std::vector<Row> rows = first_rows(head, delimiter);
    if (is_table(rows, delimiter)) return TableShape{delimiter, rows.front().size()};
  }
  return std::nullopt;
}

}  // namespace albert::corpus
