#include "text/wordpiece_files.h"

#include <unordered_map>

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"
#include "text/basic_tokenizer.h"
#include "text/special_tokens.h"
#include "text/tokenizer_files.h"
#include "text/tokenizer_json.h"

namespace albert::text {
namespace {

using nlohmann::ordered_json;

constexpr const char* kTokenizerClass = "BertTokenizer";

ordered_json strip_accents(const WordPieceSettings& settings) {
  return settings.strip_accents ? ordered_json(*settings.strip_accents) : ordered_json(nullptr);
}

ordered_json normalizer(const WordPieceSettings& settings) {
  return {{"type", "BertNormalizer"},
          {"clean_text", true},
          {"handle_chinese_chars", settings.tokenize_chinese_chars},
          {"strip_accents", strip_accents(settings)},
          {"lowercase", settings.do_lower_case}};
}

/// The pieces as the keys of an object; of equal ones the last, which counts.
ordered_json vocabulary_object(const WordPieceVocabulary& vocabulary) {
  std::unordered_map<std::string_view, std::size_t> ids;
  for (std::size_t id = 0; id < vocabulary.pieces.size(); ++id) ids[vocabulary.pieces[id]] = id;
  ordered_json object = ordered_json::object();
  auto& entries = object.get_ref<ordered_json::object_t&>();
  for (std::size_t id = 0; id < vocabulary.pieces.size(); ++id) {
    const std::string& piece = vocabulary.pieces[id];
    if (ids[piece] == id) entries.emplace_back(piece, id);  // operator[] would look through all keys before
  }
  return object;
}

ordered_json wordpiece(const WordPieceVocabulary& vocabulary) {
  return {{"type", "WordPiece"},
          {"unk_token", kWordPieceSpecialTokens[1]},
          {"continuing_subword_prefix", kContinuation},
          {"max_input_chars_per_word", BasicTokenizer::kMaxWordCharacters},
          {"vocab", vocabulary_object(vocabulary)}};
}

}  // namespace

WordPieceSettings read_wordpiece_settings(const std::filesystem::path& folder) {
  const auto config = read_tokenizer_config(folder, kTokenizerClass);
  if (!find_setting(config, "do_basic_tokenize", folder).value_or(true)) {
    throw ModelError("{}: do_basic_tokenize is false, which is not supported: text is always split at punctuation",
                     (folder / kConfigFile).string());
  }
  WordPieceSettings settings;
  settings.do_lower_case = find_setting(config, "do_lower_case", folder).value_or(settings.do_lower_case);
  settings.strip_accents = find_setting(config, "strip_accents", folder);
  settings.tokenize_chinese_chars =
      find_setting(config, "tokenize_chinese_chars", folder).value_or(settings.tokenize_chinese_chars);
  return settings;
}

void write_wordpiece_files(const std::filesystem::path& folder, const WordPieceVocabulary& vocabulary,
                           const WordPieceSettings& settings, std::int64_t max_length,
                           std::span<const AddedToken> added) {
  make_folder(folder);
  write_file_atomically(folder / kVocabularyFile, vocabulary.to_text());
  const ordered_json decoder = {{"type", "WordPiece"}, {"prefix", kContinuation}, {"cleanup", true}};
  write_json(folder / kTokenizerFile,
             tokenizer_json({kWordPieceSpecialTokens, vocabulary.special, false, added}, normalizer(settings),
                            {{"type", "BertPreTokenizer"}}, decoder, wordpiece(vocabulary)));
  const ordered_json special_tokens = special_tokens_map(kWordPieceSpecialTokens, kMaskToken);
  write_json(folder / kConfigFile, tokenizer_config(kTokenizerClass,
                                                    {{"do_lower_case", settings.do_lower_case},
                                                     {"strip_accents", strip_accents(settings)},
                                                     {"tokenize_chinese_chars", settings.tokenize_chinese_chars}},
                                                    max_length, special_tokens));
  write_json(folder / kSpecialTokensFile, special_tokens);
}

}  // namespace albert::text
