#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "tasks/common/place.h"

namespace albert::tasks {

/// How words and their tags lie in a file.
enum class TagLayout {
  kByFile,   ///< CoNLL-U and JSON by its ending, rows by their header, else columns
  kColumns,  ///< CoNLL: a word a line, columns apart by tabs or spaces, sentences apart by blank lines
  kConllu,   ///< CoNLL-U, as the treebanks of Universal Dependencies
  kRows,     ///< a sentence a row, with a header: words apart by spaces, a tab, as many tags apart by spaces
  kJson,     ///< JSON lines, or an array of objects: a sentence each, with a list of words and a list of tags
};

/// Which tags of CoNLL-U.
enum class ConlluTag { kUpos, kXpos };

/// Where this is the name of the tags, other members of JSON objects are tried too.
inline constexpr const char* kDefaultTagsName = "label";

/// The layout of a file of tagged words.
struct TagFormat {
  TagLayout layout = TagLayout::kByFile;
  std::int64_t word_column = 1;  ///< of kColumns: from 1
  std::int64_t tag_column = -1;  ///< of kColumns: from 1, or from the end as -1, -2 ...
  /// Of kColumns: a line that begins with "# " holds no word, unless it stands within a sentence, or has the tag of
  /// another word, and has the columns of the others.
  bool has_comments = false;
  ConlluTag conllu_tag = ConlluTag::kUpos;
  std::string words_name = "text_a";         ///< of kRows and kJson: names in the header, or of members
  std::string tags_name = kDefaultTagsName;  ///< empty: tags are not read
  /// Of kJson: the tags that numbers from 0 stand for; empty: numbers are refused.
  std::vector<std::string> tags_by_number = {};
  std::string encoding = "utf-8";
  std::string settings = {};  ///< what the keys of the settings begin with that tell all this, see advice()
};

/// Where a word stands in a text, in characters from 0, the end excluded.
struct WordPlace {
  std::size_t begin;
  std::size_t end;
};

/// A sentence of words, and what its file says of them.
struct TaggedSentence {
  Place place;                          ///< of its first word
  std::vector<std::string> words = {};  ///< at least one
  std::vector<std::string> tags = {};   ///< as many, empty of words without one; none where the file has none
  std::vector<std::size_t> lines = {};  ///< of each word, index in TaggedFile::lines; of a stream none
  std::vector<WordPlace> places = {};   ///< of each word in the plain text of a stream; of lists of words none
};

/// Where a word of a file stands.
inline Place place_of(const TaggedSentence& sentence, std::size_t word) {
  Place place = sentence.place;
  if (place.line > 0) place.line += static_cast<std::int64_t>(sentence.lines[word] - sentence.lines.front());
  return place;
}

/// What was read from one file, with all that a file of predictions repeats. All sentences are tagged or none.
struct TaggedFile {
  TagLayout layout = TagLayout::kColumns;  ///< what it turned out to be
  std::vector<std::string> lines;          ///< as they stand in the file, without their ends
  std::vector<TaggedSentence> records;
  /// Lines that hold no word of the sentence and are no comment: -DOCSTART-, ranges and empty nodes of CoNLL-U.
  std::vector<std::size_t> other_lines;

  bool is_labelled() const { return !records.empty() && !records.front().tags.empty(); }
  /// Adds the sentences of another file behind its lines.
  void append(TaggedFile more) {
    const std::size_t num_lines = lines.size();
    for (TaggedSentence& sentence : more.records) {
      for (std::size_t& line : sentence.lines) line += num_lines;
      records.push_back(std::move(sentence));
    }
    for (const std::size_t line : more.other_lines) other_lines.push_back(line + num_lines);
    std::ranges::move(more.lines, std::back_inserter(lines));
  }
};

}  // namespace albert::tasks
