#include "tasks/tokens/readers.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "tasks/common/decoding.h"
#include "tasks/common/tab_columns.h"
#include "tasks/tokens/tagged_lines.h"

namespace albert::tasks {

namespace {

TagLayout settle_layout(std::string_view content, const TagFormat& format, const std::string& file) {
  if (format.layout != TagLayout::kByFile) return format.layout;
  const std::string extension = fs::path(file).extension().string();
  if (extension == ".conllu") return TagLayout::kConllu;
  if (extension == ".jsonl" || extension == ".ndjson" || extension == ".json") {
    throw DataError(
        "{}: tagged words are not read from JSON; expected columns as CoNLL has them, CoNLL-U (.conllu), or a table "
        "with a sentence a row",
        file);
  }
  const std::string_view first_line = content.substr(0, content.find_first_of("\r\n"));
  const std::vector<std::string_view> names = split_fields(first_line);
  const bool is_header = std::ranges::find(names, format.words_name) != names.end();
  return is_header ? TagLayout::kRows : TagLayout::kColumns;
}

/// Where what belongs to a sentence begins: behind the lines of the one before and the blank ones after it.
std::size_t begin_of(const TaggedFile& file, std::size_t sentence) {
  const std::size_t first_word = file.records[sentence].lines.front();
  if (sentence == 0) return file.layout == TagLayout::kRows ? first_word : 0;
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

TaggedFile read_tagged(const fs::path& path, const TagFormat& format, bool need_tags) {
  const std::string content = decode_file(read_file(path), format.encoding, path.string(), format.settings);
  return parse_tagged(content, format, need_tags, path.string());
}

TaggedFile parse_tagged(std::string_view content, const TagFormat& format, bool need_tags, const std::string& file) {
  const TagLayout layout = settle_layout(content, format, file);
  TaggedLines lines(content, layout, file);
  switch (layout) {
    case TagLayout::kConllu:
      return parse_conllu(std::move(lines), format, need_tags);
    case TagLayout::kRows:
      return parse_tag_rows(std::move(lines), format, need_tags);
    case TagLayout::kColumns:
    case TagLayout::kByFile:
      return parse_tag_columns(std::move(lines), format, need_tags);
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
