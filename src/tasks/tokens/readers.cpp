#include "tasks/tokens/readers.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "tasks/common/decoding.h"
#include "tasks/common/tab_columns.h"
#include "tasks/tokens/tagged_lines.h"

namespace albert::tasks {

namespace {

TagLayout settle_layout(std::string_view content, const TagFormat& format, const std::string& file) {
  if (format.layout != TagLayout::kByFile) return format.layout;
  if (fs::path(file).extension() == ".conllu") return TagLayout::kConllu;
  if (has_json_name(file)) return TagLayout::kJson;
  const std::string_view first_line = content.substr(0, content.find_first_of("\r\n"));
  const std::vector<std::string_view> names = split_fields(first_line);
  const bool is_header = std::ranges::find(names, format.words_name) != names.end();
  return is_header ? TagLayout::kRows : TagLayout::kColumns;
}

bool has_sentence_a_line(TagLayout layout) {
  return layout == TagLayout::kRows || layout == TagLayout::kJson;
}

/// Where what belongs to a sentence begins: behind the lines of the one before and the blank ones after it.
std::size_t begin_of(const TaggedFile& file, std::size_t sentence) {
  const std::size_t first_word = file.records[sentence].lines.front();
  if (sentence == 0) return has_sentence_a_line(file.layout) ? first_word : 0;
  const auto is_blank = [&](std::size_t line) { return split_words(file.lines[line]).empty(); };
  std::size_t line = file.records[sentence - 1].lines.back() + 1;
  while (line < first_word && !is_blank(line)) ++line;
  while (line < first_word && is_blank(line)) ++line;
  return line;
}

/// Some lines of a file, and where they are among them.
class KeptLines {
 public:
  explicit KeptLines(TaggedFile& file) : file_(file), places_(file.lines.size()) {}

  void keep(std::size_t begin, std::size_t end) {
    for (std::size_t line = begin; line < end; ++line) {
      places_[line] = lines_.size();
      lines_.push_back(std::move(file_.lines[line]));
    }
  }
  std::optional<std::size_t> place(std::size_t line) const { return places_[line]; }
  std::vector<std::string> take() { return std::move(lines_); }

 private:
  TaggedFile& file_;
  std::vector<std::optional<std::size_t>> places_;  ///< [lines of the file]
  std::vector<std::string> lines_;
};

}  // namespace

void warn_of_long_sentences(const TaggedFile& file) {
  constexpr std::size_t kLongSentence = 20;  // words, from which on blank lines are missed
  if (file.layout != TagLayout::kColumns) return;
  const std::size_t last = file.records.back().lines.back();
  const auto end = file.lines.begin() + static_cast<std::ptrdiff_t>(last);
  const bool has_blank =
      std::any_of(file.lines.begin(), end, [](const auto& line) { return split_words(line).empty(); });
  const auto longest = std::ranges::max_element(file.records, {}, [](const auto& s) { return s.words.size(); });
  if (has_blank || longest->words.size() <= kLongSentence) return;
  log_warning(
      "{}: there is no blank line in the file, so that {} are read as one sentence; blank lines stand between "
      "sentences",
      longest->place.to_string(), counted(longest->words.size(), "word"));
}

TaggedFile read_tagged(const fs::path& path, const TagFormat& format, bool need_tags) {
  const std::string content = decode_file(read_file(path), format.encoding, path.string(), format.settings);
  return parse_tagged(content, format, need_tags, path.string());
}

TaggedFile parse_tagged(std::string_view content, const TagFormat& format, bool need_tags, const std::string& file) {
  const TagLayout layout = settle_layout(content, format, file);
  if (layout == TagLayout::kJson) return parse_tag_json(content, format, need_tags, file);
  TaggedLines lines(content, layout, file);
  switch (layout) {
    case TagLayout::kConllu:
      return parse_conllu(std::move(lines), format, need_tags);
    case TagLayout::kRows:
      return parse_tag_rows(std::move(lines), format, need_tags);
    case TagLayout::kColumns:
      return parse_tag_columns(std::move(lines), format, need_tags);
    case TagLayout::kJson:
    case TagLayout::kByFile:
      break;
  }
  throw InternalError("no layout {}", static_cast<int>(layout));
}

void keep_sentences(TaggedFile& file, const std::vector<bool>& is_kept) {
  std::vector<std::size_t> begins;
  for (std::size_t i = 0; i < file.records.size(); ++i) begins.push_back(begin_of(file, i));
  begins.push_back(file.lines.size());
  KeptLines lines(file);
  lines.keep(0, begins[0]);
  std::vector<TaggedSentence> sentences;
  for (std::size_t i = 0; i < file.records.size(); ++i) {
    if (!is_kept[i]) continue;
    lines.keep(begins[i], begins[i + 1]);
    TaggedSentence& sentence = sentences.emplace_back(std::move(file.records[i]));
    for (std::size_t& line : sentence.lines) line = *lines.place(line);
  }
  std::vector<std::size_t> other_lines;
  for (const std::size_t line : file.other_lines) {
    if (const auto place = lines.place(line)) other_lines.push_back(*place);
  }
  file.lines = lines.take();
  file.records = std::move(sentences);
  file.other_lines = std::move(other_lines);
}

}  // namespace albert::tasks
