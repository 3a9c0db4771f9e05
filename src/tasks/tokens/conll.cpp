#include <optional>
#include <utility>

#include "base/counted.h"
#include "base/error.h"
#include "tasks/common/excerpt.h"
#include "tasks/common/place.h"
#include "tasks/common/tab_columns.h"
#include "tasks/tokens/tagged_lines.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

constexpr std::string_view kDocumentStart = "-DOCSTART-";

/// Where a column is that is counted from 1, or from the end; nothing if there are too few.
std::optional<std::size_t> column_index(std::int64_t column, std::size_t width) {
  const auto signed_width = static_cast<std::int64_t>(width);
  const std::int64_t index = column > 0 ? column - 1 : signed_width + column;
  if (index < 0 || index >= signed_width) return std::nullopt;
  return static_cast<std::size_t>(index);
}

class ColumnsParser {
 public:
  ColumnsParser(TaggedLines lines, const TagFormat& format, bool need_tags)
      : lines_(std::move(lines)), format_(format), need_tags_(need_tags) {}

  TaggedFile parse() {
    for (std::size_t i = 0; i < lines_.lines().size(); ++i) parse_line(i);
    return lines_.finish();
  }

 private:
  void parse_line(std::size_t i) {
    const std::string_view line = lines_.lines()[i];
    if (text::trim(line).empty()) return lines_.end_sentence();
    if (format_.has_comments && (line == "#" || line.starts_with("# "))) return;
    const bool has_tabs = line.find('\t') != std::string_view::npos;
    const std::vector<std::string_view> columns = has_tabs ? split_fields(line) : split_words(line);
    if (columns[0] == kDocumentStart) {
      lines_.end_sentence();
      return lines_.add_other_line(i);
    }
    if (width_ == 0) settle_columns(columns.size(), i);
    if (columns.size() != width_) {
      throw DataError("{}: expected {} columns as in line {}, found {}{}", lines_.place(i).to_string(), width_,
                      first_line_ + 1, columns.size(), has_tabs ? "" : "; a word holds no space in this layout");
    }
    add_word(columns, i);
  }

  void settle_columns(std::size_t width, std::size_t line) {
    width_ = width;
    first_line_ = line;
    const auto word = column_index(format_.word_column, width);
    if (!word) {
      throw DataError("{}: expected the word in column {}, found {} columns{}", lines_.place(line).to_string(),
                      format_.word_column, width, advice(format_.settings, "; set {}word_column"));
    }
    word_ = *word;
    const auto tag = column_index(format_.tag_column, width);
    lines_.set_labelled(tag.has_value() && tag != word);
    tag_ = tag.value_or(word_);
    if (need_tags_ && !lines_.is_labelled()) {
      throw DataError("{}: expected the tag in column {} beside the word in column {}, found {}{}",
                      lines_.place(line).to_string(), format_.tag_column, format_.word_column, counted(width, "column"),
                      advice(format_.settings, "; see {}tag_column"));
    }
  }

  void add_word(const std::vector<std::string_view>& columns, std::size_t line) {
    check(columns, word_, "word", line);
    check(columns, tag_, "tag", line);
    lines_.add_word(columns[word_], columns[tag_], line);
  }

  void check(const std::vector<std::string_view>& columns, std::size_t column, const char* name,
             std::size_t line) const {
    if (columns[column].empty()) {
      throw DataError("{}: the {} in column {} is empty", lines_.place(line).to_string(), name, column + 1);
    }
    if (columns[column].find(' ') != std::string_view::npos) {
      throw DataError(
          "{}: the {} \"{}\" in column {} has a space inside; expected columns apart by tabs or by spaces, "
          "not by both",
          lines_.place(line).to_string(), name, excerpt(columns[column]), column + 1);
    }
  }

  TaggedLines lines_;
  const TagFormat& format_;
  bool need_tags_;
  std::size_t width_ = 0;  ///< columns of a line; 0: no word has been read
  std::size_t first_line_ = 0;
  std::size_t word_ = 0;
  std::size_t tag_ = 0;
};

}  // namespace

TaggedFile parse_tag_columns(TaggedLines lines, const TagFormat& format, bool need_tags) {
  return ColumnsParser(std::move(lines), format, need_tags).parse();
}

}  // namespace albert::tasks
