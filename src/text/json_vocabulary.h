#pragma once

#include <filesystem>
#include <string>

#include "text/tokenizer.h"

namespace albert::text {

/// A vocabulary that came in a tokenizer.json, in the form in which it is used here.
struct JsonVocabulary {
  VocabularyKind kind = VocabularyKind::kSentencePiece;
  std::string bytes;  ///< of a spiece.model, or the text of a vocab.txt
};

/// Reads the vocabulary out of a tokenizer.json, which is all that Transformers 5 saves of a tokenizer: Unigram in
/// ALBERT's published layout (digit-comma pieces lowered by 100) or WordPiece. What else the file says of splitting and
/// normalising is left to tokenizer_config.json, as Transformers does. The spiece.model has the pieces, their scores,
/// their types and the character map of the one that the file was made of, and so gives the same ids; a piece of score
/// 0 that is no special token is taken for a user-defined one. Throws ModelError naming the file for another kind of
/// model, and for added tokens beside the special ones, at which Transformers splits text before the vocabulary sees
/// it.
JsonVocabulary read_json_vocabulary(const std::filesystem::path& file);

}  // namespace albert::text
