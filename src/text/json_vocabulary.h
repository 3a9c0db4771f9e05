#pragma once

#include <filesystem>
#include <string>

#include "text/tokenizer.h"

namespace albert::text {

/// A vocabulary that came in a tokenizer.json, in the form in which it is used here.
struct JsonVocabulary {
  VocabularyKind kind = VocabularyKind::kSentencePiece;
  std::string bytes;  ///< what a spiece.model holds, or the text of a vocab.txt
};

/// Reads the vocabulary out of a tokenizer.json, which is all that Transformers 5 saves of a tokenizer: Unigram in
/// ALBERT's published layout (digit-comma pieces lowered by 100) or WordPiece. What else the file says of splitting and
/// normalising is left to tokenizer_config.json, as Transformers does. The spiece.model has the pieces, their scores,
/// their types and the character map of the one that the file was made of, and so gives the same ids; a piece of score
/// 0 that is no special token is taken for a user-defined one. For the tokens that the file adds to it, see
/// read_added_tokens().
/// Throws ModelError naming the file for another kind of model.
JsonVocabulary read_json_vocabulary(const std::filesystem::path& file);

/// Sees to it that a tokenizer.json lies beside the vocabulary that it was made of: Transformers reads the one, this
/// program the other, and a model learns the ids of one. Only the spelling of each id is compared, as scores, added
/// tokens and what is done to text may be written in more than one way; and not white space at its end, which the
/// tokenizers library drops.
/// \param tokenizer what `vocabulary`, a spiece.model or vocab.txt, holds
/// Throws ModelError naming both files and the first id that differs, or if `file` is no tokenizer.json.
void check_same_pieces(const std::filesystem::path& file, const Tokenizer& tokenizer,
                       const std::filesystem::path& vocabulary);

}  // namespace albert::text
