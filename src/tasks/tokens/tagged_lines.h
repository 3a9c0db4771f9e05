#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tasks/tokens/record.h"

/// The parsers of the layouts; read_tagged() chooses among them.
namespace albert::tasks {

/// A file of tagged words being read, with what the layouts of lines share.
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
/// read, nor of comments, see TagFormat. Throws DataError naming the line for another number of columns, a word with a
/// space inside, or one that is empty, and if there are no tags though they are needed.
TaggedFile parse_tag_columns(TaggedLines lines, const TagFormat& format, bool need_tags);

/// CoNLL-U (universaldependencies.org/format.html). Multiword ranges ("1-2") and empty nodes ("8.1") are no words. A
/// word whose tag is "_" has none; a file of such words is not labelled. Throws DataError as the one before, for words
/// that are not numbered from 1, and for sentences whose words are all "_": their text is withheld.
TaggedFile parse_conllu(TaggedLines lines, const TagFormat& format, bool need_tags);

/// Rows of words and tags, as Chinese data sets of UER have them. Throws DataError for a row with more tags than words
/// or less, or no words, and for a header without the columns that are needed.
TaggedFile parse_tag_rows(TaggedLines lines, const TagFormat& format, bool need_tags);

/// Sentences in JSON. The words are a list, or a text with spaces between them, in TagFormat::words_name, `words` or
/// `tokens`; the tags likewise in TagFormat::tags_name or, where this is not said, in the only one of `tags`,
/// `ner_tags`, `pos_tags` and the like that there is. Throws DataError for lists of different lengths, for several that
/// may be meant, and for numbers that stand for no tag.
/// \param file its name, for messages
TaggedFile parse_tag_json(std::string_view content, const TagFormat& format, bool need_tags, const std::string& file);

/// A list of words, or of tags, none of them empty.
/// \param name of the member that holds it, for the message
std::vector<std::string> words_of_list(const nlohmann::json& list, const std::string& name, const Place& place);

/// The words of a field: the stretches between white space of ASCII.
std::vector<std::string_view> split_words(std::string_view field);

}  // namespace albert::tasks
