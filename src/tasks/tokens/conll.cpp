#include <algorithm>
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/counted.h"
#include "base/error.h"
#include "base/shown.h"
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

std::vector<std::string_view> split_columns(std::string_view line) {
  return line.find('\t') != std::string_view::npos ? split_fields(line) : split_words(line);
}

/// What a line of one column says of a file whose columns are apart otherwise.
std::string other_delimiter(std::string_view line) {
  for (const char delimiter : {',', ';', '|'}) {
    if (split_fields(line, delimiter).size() < 2) continue;
    return fmt::format("; if the columns are apart by '{0}', put tabs in its place (tr '{0}' '\\t')", delimiter);
  }
  return "";
}

class ColumnsParser {
 public:
  ColumnsParser(TaggedLines lines, const TagFormat& format, bool need_tags)
      : lines_(std::move(lines)), format_(format), need_tags_(need_tags) {}

  TaggedFile parse() {
    if (format_.has_comments) read_words_without_number_sign();
    for (std::size_t i = 0; i < lines_.lines().size(); ++i) parse_line(i);
    return lines_.finish();
  }

 private:
  /// What the columns are, and which tags there are, by the lines that are no comment for sure.
  void read_words_without_number_sign() {
    for (std::size_t i = 0; i < lines_.lines().size(); ++i) {
      const std::string_view line = lines_.lines()[i];
      if (text::trim(line).empty() || line.starts_with('#')) continue;
      const std::vector<std::string_view> columns = split_columns(line);
      if (columns[0] == kDocumentStart) continue;
      if (width_ == 0) settle_columns(columns.size(), i);
      if (columns.size() == width_ && lines_.is_labelled()) tags_.emplace(columns[tag_]);
    }
  }

  void parse_line(std::size_t i) {
    const std::string_view line = lines_.lines()[i];
    if (text::trim(line).empty()) return lines_.end_sentence();
    const std::vector<std::string_view> columns = split_columns(line);
    if (is_comment(line, columns)) return;
    if (columns[0] == kDocumentStart) {
      lines_.end_sentence();
      return lines_.add_other_line(i);
    }
    if (width_ == 0) settle_columns(columns.size(), i);
    if (columns.size() != width_) refuse_width(columns.size(), i);
    add_word(columns, i);
  }

  /// A word # is told from a comment by where it stands, or by its tag.
  bool is_comment(std::string_view line, const std::vector<std::string_view>& columns) const {
    if (!format_.has_comments || !line.starts_with('#')) return false;
    const bool may_be_word = columns.size() == width_;
    const bool begins_sentence = lines_.sentence_length() == 0;
    if (line != "#" && !line.starts_with("# ") && !line.starts_with("#\t")) return begins_sentence && !may_be_word;
    return !may_be_word || (begins_sentence && !tags_.contains(columns[tag_]));
  }

  [[noreturn]] void refuse_width(std::size_t width, std::size_t line) const {
    const bool has_tabs = lines_.lines()[line].find('\t') != std::string::npos;
    throw DataError("{}: expected {} columns as in line {}, found {}{}{}", lines_.place(line).to_string(), width_,
                    first_line_ + 1, width, has_tabs ? "" : "; a word holds no space in this layout",
                    comment_advice({line, first_line_}));
  }

  /// What to do if lines are comments that are taken for words.
  std::string comment_advice(std::initializer_list<std::size_t> lines) const {
    const auto may_be_comment = [&](std::size_t line) { return lines_.lines()[line].starts_with('#'); };
    if (format_.has_comments || std::ranges::none_of(lines, may_be_comment)) return "";
    return advice(format_.settings, "; if lines that begin with # are comments, set {}comments: true");
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
      throw DataError("{}: expected the tag in column {} beside the word in column {}, found {}{}{}{}",
                      lines_.place(line).to_string(), format_.tag_column, format_.word_column, counted(width, "column"),
                      other_delimiter(lines_.lines()[line]), advice(format_.settings, "; see {}tag_column"),
                      comment_advice({line}));
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
          lines_.place(line).to_string(), name, shortened(columns[column]), column + 1);
    }
  }

  TaggedLines lines_;
  const TagFormat& format_;
  bool need_tags_;
  std::set<std::string, std::less<>> tags_;  ///< of words without #, where there are comments
  std::size_t width_ = 0;                    ///< columns of a line; 0: no word has been read
  std::size_t first_line_ = 0;
  std::size_t word_ = 0;
  std::size_t tag_ = 0;
};

}  // namespace

TaggedFile parse_tag_columns(TaggedLines lines, const TagFormat& format, bool need_tags) {
  return ColumnsParser(std::move(lines), format, need_tags).parse();
}

}  // namespace albert::tasks
