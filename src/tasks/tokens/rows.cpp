#include <optional>
#include <utility>

#include "base/error.h"
#include "base/shown.h"
#include "tasks/common/place.h"
#include "tasks/common/tab_columns.h"
#include "tasks/common/written_list.h"
#include "tasks/tokens/tagged_lines.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

/// The words of a field: a list in quotes that a program wrote, or those between spaces.
std::vector<std::string> words_of(std::string_view field) {
  if (field.starts_with("['") || field.starts_with("[\"")) {
    if (auto list = parse_written_list(field)) return *list;
  }
  const std::vector<std::string_view> words = split_words(field);
  return {words.begin(), words.end()};
}

class RowsParser {
 public:
  /// \param lines with the header at least
  RowsParser(TaggedLines lines, const TagFormat& format, bool need_tags)
      : lines_(std::move(lines)), table_(lines_.lines()[0], lines_.place(0)) {
    const auto words = table_.find(format.words_name);
    if (!words) refuse(format.words_name, advice(format.settings, "; see {}words_name"));
    words_ = *words;
    if (!format.tags_name.empty()) tags_ = table_.find(format.tags_name);
    if (need_tags && !tags_) refuse(format.tags_name, advice(format.settings, "; see {}tags_name"));
    lines_.set_labelled(tags_.has_value());
  }

  TaggedFile parse() {
    for (std::size_t i = 1; i < lines_.lines().size(); ++i) {
      if (!text::trim(lines_.lines()[i]).empty()) parse_row(i);
    }
    return lines_.finish();
  }

 private:
  [[noreturn]] void refuse(const std::string& column, const std::string& hint) const {
    throw DataError(R"({}: expected a header with the column "{}", found "{}"{})", lines_.place(0).to_string(), column,
                    shortened(lines_.lines()[0]), hint);
  }

  void parse_row(std::size_t i) {
    const Place place = lines_.place(i);
    const std::vector<std::string_view> fields = table_.split(lines_.lines()[i], place);
    const std::vector<std::string> words = words_of(fields[words_]);
    if (words.empty()) throw DataError("{}: the sentence has no word", place.to_string());
    const std::vector<std::string> tags = tags_ ? words_of(fields[*tags_]) : words;
    if (tags.size() != words.size()) {
      throw DataError("{}: expected a tag for each of the {} words, found {} tags", place.to_string(), words.size(),
                      tags.size());
    }
    for (std::size_t word = 0; word < words.size(); ++word) lines_.add_word(words[word], tags[word], i);
    lines_.end_sentence();
  }

  TaggedLines lines_;
  TabColumns table_;
  std::size_t words_ = 0;
  std::optional<std::size_t> tags_;
};

}  // namespace

TaggedFile parse_tag_rows(TaggedLines lines, const TagFormat& format, bool need_tags) {
  if (lines.lines().empty()) return lines.finish();
  return RowsParser(std::move(lines), format, need_tags).parse();
}

}  // namespace albert::tasks
