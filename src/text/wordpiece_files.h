#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "text/added_token.h"
#include "text/basic_tokenizer.h"
#include "text/wordpiece_vocabulary.h"

namespace albert::text {

/// The settings in a folder's tokenizer_config.json; the defaults, which are Transformers' too, for what it does not
/// say or if there is none.
/// Throws ModelError if the file is broken, belongs to another kind of tokenizer, or asks for what there is not here.
WordPieceSettings read_wordpiece_settings(const std::filesystem::path& folder);

/// Writes vocab.txt, tokenizer.json, tokenizer_config.json and special_tokens_map.json so that Transformers'
/// AutoTokenizer opens the folder as a BertTokenizer that gives the same ids, and so does the tokenizers library from
/// tokenizer.json alone. Makes the folder if need be.
/// Throws IoError.
/// \param max_length what tokenizer_config.json says in model_max_length
/// \param added for tokenizer.json, by id
void write_wordpiece_files(const std::filesystem::path& folder, const WordPieceVocabulary& vocabulary,
                           const WordPieceSettings& settings, std::int64_t max_length,
                           std::span<const AddedToken> added = {});

}  // namespace albert::text
