#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tasks/common/tab_columns.h"
#include "tasks/tokens/tagged_text.h"

namespace albert::tasks {

/// The tags of a sentence.
using Tags = std::vector<std::string>;

/// The file as it was read with the predicted tags: a column added at the end, or, for CoNLL-U, its column filled. What
/// holds no word stays as it is, but -DOCSTART- gets an "O", so that conlleval reads the file.
/// \param tags as many as sentences, each of as many tags as words
/// Throws DataError if rows have a column of the name that the new one gets.
std::string with_predictions(const TaggedFile& file, std::span<const Tags> tags, ConlluTag conllu_tag);

/// Reads what with_predictions() wrote, or words with predicted tags only.
/// \param gold the file that was predicted
/// Throws DataError naming both places if the sentences are not those of `gold`, word by word.
TaggedFile read_predictions(const std::filesystem::path& path, const TaggedFile& gold, const TagFormat& format);

}  // namespace albert::tasks
