#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "text/added_token.h"
#include "text/special_tokens.h"

/// What the files of both kinds of tokenizer have in common. For the .cpp files that write and read them.
namespace albert::text {

/// An entry of tokenizer_config.json that says how a token is found in a text.
nlohmann::ordered_json added_token(const AddedToken& token);

/// tokenizer.json with its special and added tokens and its [CLS] A [SEP] B [SEP], and with what a kind of vocabulary
/// adds.
struct TokenizerParts {
  SpecialSpellings spellings;
  SpecialIds ids;
  bool mask_takes_spaces_before;
  std::span<const AddedToken> added;  ///< by id
};
nlohmann::ordered_json tokenizer_json(const TokenizerParts& parts, const nlohmann::ordered_json& normalizer,
                                      const nlohmann::ordered_json& pre_tokenizer,
                                      const nlohmann::ordered_json& decoder, nlohmann::ordered_json model);

/// special_tokens_map.json.
/// \param mask how [MASK] is given, a text or an added_token()
nlohmann::ordered_json special_tokens_map(const SpecialSpellings& spellings, const nlohmann::ordered_json& mask);

/// tokenizer_config.json.
/// \param settings what the class alone has
/// \param special_tokens special_tokens_map()
nlohmann::ordered_json tokenizer_config(std::string_view tokenizer_class, const nlohmann::ordered_json& settings,
                                        std::int64_t max_length, const nlohmann::ordered_json& special_tokens);

/// The content of a folder's tokenizer_config.json, an empty object if there is none.
/// Throws ModelError if it is broken, or if `tokenizer_class` is another one (a trailing "Fast" is no difference).
nlohmann::ordered_json read_tokenizer_config(const std::filesystem::path& folder, std::string_view tokenizer_class);

/// A setting of that file; nothing where it is absent or null.
/// Throws ModelError if it is neither true nor false.
std::optional<bool> find_setting(const nlohmann::ordered_json& config, const char* key,
                                 const std::filesystem::path& folder);

/// Writes a file of the folder.
/// Throws IoError.
void write_json(const std::filesystem::path& file, const nlohmann::ordered_json& content);

}  // namespace albert::text
