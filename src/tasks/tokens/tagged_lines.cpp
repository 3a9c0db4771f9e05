#include "tasks/tokens/tagged_lines.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "tasks/common/lines.h"

namespace albert::tasks {

TaggedLines::TaggedLines(std::string_view content, TagLayout layout, std::string file) : file_(std::move(file)) {
  result_.layout = layout;
  TextLines lines(content, file_);
  for (std::string_view line; lines.next(line);) result_.lines.emplace_back(line);
}

Place TaggedLines::place(std::size_t line) const {
  return {.file = file_, .line = static_cast<std::int64_t>(line) + 1, .id = {}};
}

void TaggedLines::add_word(std::string_view word, std::string_view tag, std::size_t line) {
  if (sentence_.words.empty()) sentence_.place = place(line);
  sentence_.words.emplace_back(word);
  if (is_labelled_) sentence_.tags.emplace_back(tag);
  sentence_.lines.push_back(line);
}

void TaggedLines::end_sentence() {
  if (sentence_.words.empty()) return;
  result_.records.push_back(std::exchange(sentence_, {}));
}

TaggedFile TaggedLines::finish() {
  end_sentence();
  if (result_.records.empty()) throw DataError("{}: there is no sentence in the file", file_);
  return std::move(result_);
}

std::vector<std::string_view> split_words(std::string_view field) {
  constexpr std::string_view kSpaces = " \t\r\v\f";
  std::vector<std::string_view> words;
  for (std::size_t begin = field.find_first_not_of(kSpaces); begin != std::string_view::npos;) {
    const std::size_t end = std::min(field.find_first_of(kSpaces, begin), field.size());
    words.push_back(field.substr(begin, end - begin));
    begin = field.find_first_not_of(kSpaces, end);
  }
  return words;
}

}  // namespace albert::tasks
