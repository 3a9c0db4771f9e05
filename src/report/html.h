#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Pieces of HTML as text. What comes from files and names of files passes through escaped() or escaped_passage(), and
/// nothing else does: a label such as `<script>` is shown, not run.
namespace albert::report {

/// A foreign text on one line, for content and for attributes in double quotes. What cannot be seen, or turns the
/// direction of writing, is shown as an escape (base/shown.h).
std::string escaped(std::string_view text);

/// The same of a text in which lines end and tabs stand: as spaces.
std::string escaped_passage(std::string_view text);

/// A number with as many digits as people read: 0.8432, 1.2e-05, 12.35, 1,240.
std::string short_number(double value);

/// A figure for people, exact for programs: `<data value="0.84321...">0.8432</data>`.
std::string figure(double value);

/// A table in a box of its own, which scrolls where the page is narrow.
class Table {
 public:
  enum class Column { kText, kNumber };

  /// \param caption what it is, plain text; also for those who only hear it
  explicit Table(std::string caption) : caption_(std::move(caption)) {}

  Table& add_column(std::string_view name, Column kind = Column::kText);
  /// \param cells HTML, one for each column; the first one heads its row
  void add_row(std::vector<std::string> cells);
  std::size_t num_rows() const { return rows_.size(); }

  std::string to_html() const;

 private:
  std::string row_to_html(const std::vector<std::string>& cells) const;

  std::string caption_;
  std::vector<std::string> names_;
  std::vector<Column> kinds_;
  std::vector<std::vector<std::string>> rows_;
};

/// What is folded until someone asks for it.
/// \param summary plain text
std::string folded(std::string_view summary, const std::string& html);

}  // namespace albert::report
