#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "text/tokenizer.h"

namespace albert::text {

/// The vocabulary that a model gets in the place of its own, and where the rows of its tables of embeddings come from.
struct VocabularyChange {
  std::shared_ptr<const Tokenizer> tokenizer;
  /// By new id, the old ids of which it gets the mean; of one alone, its row as it is; none: the mean of all pieces.
  std::vector<std::vector<std::int32_t>> rows;
  bool keeps_ids = false;              ///< every old id means what it meant
  std::int32_t num_pieces_before = 0;  ///< of the old tokenizer
  std::int32_t num_kept = 0;           ///< pieces of both vocabularies
  std::int32_t num_from_pieces = 0;    ///< those that are cut into old pieces, but for unknown ones
  std::int32_t num_from_all = 0;       ///< those of which the old vocabulary knows nothing
  std::vector<std::string> left_out;   ///< words that would not be found as one piece
};

/// A vocabulary with words behind its pieces, and every old id as it was.
/// \param words as VocabularyTokenizer::words() spells them, each once and none of them a piece
/// Throws ModelError if tokens that were added to the vocabulary have the ids where the words would go.
VocabularyChange extend_vocabulary(const Tokenizer& before, std::span<const std::string> words);

/// Another vocabulary over a model of an old one. A piece of both keeps its row: of the same spelling, "▁x" of
/// SentencePiece being "x" of WordPiece and "x" being "##x", and punctuation and ideographs, which WordPiece always
/// takes for words, being themselves however they are marked; special tokens by what they are for.
VocabularyChange replace_vocabulary(const Tokenizer& before, std::shared_ptr<const Tokenizer> after);

}  // namespace albert::text
