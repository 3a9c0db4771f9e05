#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/kind.h"
#include "tasks/tokens/record.h"
#include "tasks/tokens/settings.h"

namespace albert::tasks {

/// Reads a file of tagged words, whose tags may be of any scheme (IOB1, BIO, BIOES, BILOU, parts of speech).
/// \param need_tags the file has to have tags; otherwise it may
/// Throws IoError; DataError naming file and line, what was expected and what was found.
TaggedFile read_tagged(const std::filesystem::path& path, const TagFormat& format, bool need_tags);

/// The same for the content of a file, which is in UTF-8.
/// \param file its name, which decides by its ending if the format leaves it open
TaggedFile parse_tagged(std::string_view content, const TagFormat& format, bool need_tags, const std::string& file);

/// Warns of a file of columns that lacks the blank lines between sentences.
void warn_of_long_sentences(const TaggedFile& file);

/// The column of a kind of tags in CoNLL-U, from 0.
std::size_t conllu_column(ConlluTag tag);

/// Takes sentences from a file, with their lines, the comments before them and the blank line after them.
/// \param is_kept [sentences]
void keep_sentences(TaggedFile& file, const std::vector<bool>& is_kept);

/// Reads sentences from a stream. A line of kText is a text. A row of kTsv has words apart by spaces in the column
/// TagFormat::words_name, `words` or `tokens`, or a text in `text`. An object of kJsonl has them in members of these
/// names, as a list or a text. The words of a text are those of TokenSettings::text_words. Tags are not read.
/// \param header of kTsv
/// Throws DataError if it names no column of words.
StreamReader<TaggedSentence> open_tag_stream(const TokenSettings& settings, RecordFormat format,
                                             std::string_view header);

/// A word of a plain text.
struct PlacedWord {
  std::string text;
  WordPlace place;
};

/// The words of a plain text.
/// \param text UTF-8
std::vector<PlacedWord> split_text(std::string_view text, TextWords words);

/// The file of a folder whose name says that it holds a part of a data set of tagged words: train.conll, eng.testa,
/// valid.txt, wnut17train.conll, en_ewt-ud-dev.conllu. Unlike files_of_part(), it looks for the part's name anywhere
/// between other characters than letters: public data sets of tagged words put it in any place. Files of JSON are taken
/// where there are no others.
/// \return one file or none. Throws DataError if there is more than one.
std::vector<std::filesystem::path> find_tagged_file(const std::filesystem::path& folder, Part part);
/// What it looks for, for people.
std::string expected_tagged_file(Part part);

}  // namespace albert::tasks
