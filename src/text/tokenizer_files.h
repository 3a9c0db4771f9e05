#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "text/added_token.h"
#include "text/sentencepiece_model.h"
#include "text/tokenizer.h"

namespace albert::text {

/// Names of the files of a tokenizer folder.
inline constexpr const char* kModelFile = "spiece.model";
inline constexpr const char* kVocabularyFile = "vocab.txt";  ///< instead of it, for WordPiece
inline constexpr const char* kConfigFile = "tokenizer_config.json";
inline constexpr const char* kTokenizerFile = "tokenizer.json";
inline constexpr const char* kSpecialTokensFile = "special_tokens_map.json";
inline constexpr const char* kAddedTokensFile = "added_tokens.json";  ///< of older versions of Transformers

/// Those that Tokenizer::open() reads.
inline constexpr std::array kTokenizerFiles = {kModelFile,  kVocabularyFile,    kTokenizerFile,
                                               kConfigFile, kSpecialTokensFile, kAddedTokensFile};

/// What a folder holds that Tokenizer::save() does not write: "it holds thesis.txt, which no tokenizer has"; empty if there
/// is no such thing.
std::string why_no_tokenizer(const std::filesystem::path& folder);

/// The settings in a folder's tokenizer_config.json; the defaults, which are Transformers' too, for what it does not
/// say or if there is none.
/// Throws ModelError if the file is broken or belongs to another kind of tokenizer.
TokenizerSettings read_tokenizer_settings(const std::filesystem::path& folder);

/// What a folder's tokenizer_config.json says of the longest sequence in tokens (model_max_length); nothing if it does
/// not, or says that there is no bound, as Transformers does by a number beyond all texts.
/// Throws ModelError if the file is broken.
std::optional<std::int64_t> read_max_length(const std::filesystem::path& folder);

/// Writes the four files so that Transformers' AutoTokenizer opens the folder as an AlbertTokenizer that gives the same
/// ids, and so does the tokenizers library from tokenizer.json alone. Makes the folder if need be.
/// Throws IoError.
/// \param max_length what tokenizer_config.json says in model_max_length
/// \param added for tokenizer.json, by id
void write_tokenizer_files(const std::filesystem::path& folder, const SentencePieceModel& model,
                           const TokenizerSettings& settings, const SpecialIds& special, std::int64_t max_length,
                           std::span<const AddedToken> added = {});

}  // namespace albert::text
