#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/tokens/record.h"

/// The parsers of the three layouts; read_tagged() chooses among them.
namespace albert::tasks {

/// A file of tagged words being read, with what the three layouts share.
class TaggedLines {
 public:
  /// \param content UTF-8
  /// \param file its name, for messages
  TaggedLines(std::string_view content, TagLayout layout, std::string file);

  const std::vector<std::string>& lines() const { return result_.lines; }
  /// \param line an index in lines()
  Place place(std::size_t line) const;

  /// Adds a word to the sentence.
  /// \param tag ignored unless the file is labelled
  void add_word(std::string_view word, std::string_view tag, std::size_t line);
  /// The next word begins a sentence.
  void end_sentence();
  void add_other_line(std::size_t line) { result_.other_lines.push_back(line); }
  void set_labelled(bool is_labelled) { is_labelled_ = is_labelled; }
  bool is_labelled() const { return is_labelled_; }
  /// How many words the unfinished sentence has.
  std::size_t sentence_length() const { return sentence_.words.size(); }

  /// Throws DataError if there is no sentence.
  TaggedFile finish();

 private:
  std::string file_;
  bool is_labelled_ = false;
  TaggedFile result_;
  TaggedSentence sentence_;
};

/// Columns of CoNLL. Every line with a word has as many columns as the first one; of "-DOCSTART-" lines nothing is
/// read. Throws DataError naming the line for another number of columns, a word with a space inside, or one that is
/// empty, and if there are no tags though they are needed.
TaggedFile parse_tag_columns(TaggedLines lines, const TagFormat& format, bool need_tags);

/// CoNLL-U (universaldependencies.org/format.html). Multiword ranges ("1-2") and empty nodes ("8.1") are no words. A
/// file whose tags are all "_" is not labelled. Throws DataError as the one before, and for words that are not numbered
/// from 1.
TaggedFile parse_conllu(TaggedLines lines, const TagFormat& format, bool need_tags);

/// Rows of words and tags, as Chinese data sets of UER have them. Throws DataError for a row with more tags than words
/// or less, or no words, and for a header without the columns that are needed.
TaggedFile parse_tag_rows(TaggedLines lines, const TagFormat& format, bool need_tags);

/// The words of a field: the stretches between white space of ASCII.
std::vector<std::string_view> split_words(std::string_view field);

}  // namespace albert::tasks
