#pragma once

#include <filesystem>
#include <vector>

#include "text/added_token.h"
#include "text/vocabulary_tokenizer.h"

namespace albert::text {

/// The tokens that the files of a tokenizer's folder add to its vocabulary, with those of the five special ones that
/// they name, by id: those of added_tokens_decoder in tokenizer_config.json, or where that is not there, those of
/// added_tokens.json and tokenizer.json; and those that tokenizer_config.json or special_tokens_map.json name as
/// special ("eos_token", "additional_special_tokens"). What counts where, and the ids of those that have none yet, is
/// as in Transformers 5.23 (tokenization_utils_base.py, _from_pretrained; tokenization_utils_tokenizers.py,
/// TokenizersBackend.__init__).
/// \param vocabulary of the folder
/// Throws ModelError naming file and token for what is damaged, for an id that Transformers would not give to the
/// token, and for another token in the place of [CLS], [SEP], [MASK] or the unknown one.
std::vector<AddedToken> read_added_tokens(const std::filesystem::path& folder, const VocabularyTokenizer& vocabulary);

/// Whether a file of the folder lists all tokens that are found in a text before the vocabulary.
bool lists_added_tokens(const std::filesystem::path& folder);

}  // namespace albert::text
