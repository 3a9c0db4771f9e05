#pragma once

#include <filesystem>

#include "text/vocabulary_tokenizer.h"

namespace albert::text {

/// Warns of pieces that are never found: if a piece stands in the vocabulary twice, where the later one counts, and if
/// there are many of them because normalisation leaves no text like them: those with capitals where text is
/// lower-cased, with accents or vowel signs where they are stripped. For a vocabulary of which no file says how its
/// text is normalised.
/// \param file of the vocabulary, for the message
void warn_of_unreachable_pieces(const VocabularyTokenizer& vocabulary, const std::filesystem::path& file);

}  // namespace albert::text
