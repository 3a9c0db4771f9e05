#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/shown.h"
#include "tasks/common/place.h"
#include "tasks/common/tab_columns.h"
#include "tasks/tokens/readers.h"
#include "tasks/tokens/tagged_lines.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

constexpr std::size_t kNumColumns = 10;
constexpr std::string_view kNothing = "_";  // stands in columns that are not filled

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// "3-4" or "8.1".
bool is_pair(std::string_view id) {
  const std::size_t mark = id.find_first_of("-.");
  return mark != std::string_view::npos && is_number(id.substr(0, mark)) && is_number(id.substr(mark + 1));
}

bool is_withheld(const TaggedSentence& sentence) {
  return std::ranges::all_of(sentence.words, [](const std::string& word) { return word == kNothing; });
}

/// Some treebanks may not give away the text of others: every word is "_". One such word alone is a word.
void refuse_withheld_text(const TaggedFile& file) {
  const auto num_withheld = std::ranges::count_if(file.records, is_withheld);
  const auto first = std::ranges::find_if(
      file.records, [](const TaggedSentence& sentence) { return sentence.words.size() > 1 && is_withheld(sentence); });
  const bool are_all = static_cast<std::size_t>(num_withheld) == file.records.size();
  if (first == file.records.end() && !are_all) return;
  throw DataError(
      "{}: every word of the sentence is \"_\", as of {} of the file's {} sentences: the treebank withholds the text; "
      "merge it first with the script that comes with the treebank (UD_English-GUMReddit: get_text.py), or take these "
      "sentences out",
      (first == file.records.end() ? file.records.front() : *first).place.to_string(), num_withheld,
      file.records.size());
}

class ConlluParser {
 public:
  ConlluParser(TaggedLines lines, const TagFormat& format)
      : lines_(std::move(lines)), tag_column_(conllu_column(format.conllu_tag)) {
    lines_.set_labelled(has_tags());
  }

  TaggedFile parse() {
    for (std::size_t i = 0; i < lines_.lines().size(); ++i) parse_line(i);
    TaggedFile file = lines_.finish();
    refuse_withheld_text(file);
    return file;
  }

 private:
  static bool is_comment(std::string_view line) { return line.starts_with('#'); }

  bool has_tags() const {
    return std::ranges::any_of(lines_.lines(), [this](const std::string& line) {
      if (is_comment(line)) return false;
      const auto columns = split_fields(line);
      return columns.size() == kNumColumns && is_number(columns[0]) && columns[tag_column_] != kNothing;
    });
  }

  void parse_line(std::size_t i) {
    const std::string_view line = lines_.lines()[i];
    if (text::trim(line).empty()) return lines_.end_sentence();
    if (is_comment(line)) return;
    const auto columns = split_fields(line);
    if (columns.size() != kNumColumns) {
      throw DataError("{}: expected the {} columns of CoNLL-U apart by tabs, found {}", lines_.place(i).to_string(),
                      kNumColumns, columns.size());
    }
    if (is_pair(columns[0])) return lines_.add_other_line(i);
    const std::string expected = std::to_string(lines_.sentence_length() + 1);
    if (columns[0] != expected) {
      throw DataError("{}: expected the word with number {}, or a blank line between sentences; found number \"{}\"",
                      lines_.place(i).to_string(), expected, shortened(columns[0]));
    }
    if (columns[1].empty() || columns[tag_column_].empty()) {
      throw DataError("{}: the {} is empty; CoNLL-U writes _ for nothing", lines_.place(i).to_string(),
                      columns[1].empty() ? "word" : "tag");
    }
    const std::string_view tag = columns[tag_column_];
    lines_.add_word(columns[1], tag == kNothing ? std::string_view() : tag, i);
  }

  TaggedLines lines_;
  std::size_t tag_column_;
};

}  // namespace

std::size_t conllu_column(ConlluTag tag) {
  return tag == ConlluTag::kUpos ? 3 : 4;
}

TaggedFile parse_conllu(TaggedLines lines, const TagFormat& format, bool need_tags) {
  const std::string file = lines.place(0).file;
  ConlluParser parser(std::move(lines), format);
  TaggedFile result = parser.parse();
  if (need_tags && !result.is_labelled()) {
    throw DataError("{}: expected {} tags, found none but \"{}\"{}", file,
                    format.conllu_tag == ConlluTag::kUpos ? "UPOS" : "XPOS", kNothing,
                    advice(format.settings, "; see {}conllu_tag"));
  }
  return result;
}

}  // namespace albert::tasks
