#include "tasks/tokens/tagged_lines.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace albert::tasks {

namespace {

constexpr std::string_view kSpaces = " \t\r\v\f";

}  // namespace

TaggedLines::TaggedLines(std::string_view content, TagLayout layout, std::string file) : file_(std::move(file)) {
  result_.layout = layout;
  while (!content.empty()) {
    const std::size_t end = std::min(content.find('\n'), content.size());
    std::string_view line = content.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    result_.lines.emplace_back(line);
    content.remove_prefix(std::min(end + 1, content.size()));
  }
}

Place TaggedLines::place(std::size_t line) const {
  return {.file = file_, .line = static_cast<std::int64_t>(line) + 1, .id = {}};
}

void TaggedLines::add_word(std::string_view word, std::string_view tag, std::size_t line) {
  if (sentence_.words.empty()) sentence_.place = place(line);
  sentence_.words.emplace_back(word);
  if (result_.is_labelled) sentence_.tags.emplace_back(tag);
  sentence_.lines.push_back(line);
}

void TaggedLines::end_sentence() {
  if (sentence_.words.empty()) return;
  result_.num_words += static_cast<std::int64_t>(sentence_.words.size());
  result_.sentences.push_back(std::exchange(sentence_, {}));
}

TaggedFile TaggedLines::finish() {
  end_sentence();
  if (result_.sentences.empty()) throw DataError("{}: there is no sentence in the file", file_);
  return std::move(result_);
}

std::vector<std::string_view> split_fields(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  for (std::size_t begin = 0;;) {
    const std::size_t end = line.find(separator, begin);
    fields.push_back(line.substr(begin, end - begin));
    if (end == std::string_view::npos) return fields;
    begin = end + 1;
  }
}

std::vector<std::string_view> split_words(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t begin = line.find_first_not_of(kSpaces); begin != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(kSpaces, begin), line.size());
    words.push_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(kSpaces, end);
  }
  return words;
}

}  // namespace albert::tasks
