#include "text/tokenizer_files.h"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "base/atomic_file.h"
#include "base/file.h"
#include "text/base64.h"
#include "text/special_tokens.h"
#include "text/tokenizer_json.h"

namespace albert::text {
namespace {

using nlohmann::ordered_json;

constexpr const char* kTokenizerClass = "AlbertTokenizer";

ordered_json replace(const char* from, const char* to) {
  return {{"type", "Replace"}, {"pattern", {{"String", from}}}, {"content", to}};
}

ordered_json normalizer(const SentencePieceModel& model, const TokenizerSettings& settings) {
  ordered_json steps = ordered_json::array({replace("``", "\""), replace("''", "\"")});
  if (!settings.keep_accents) {
    steps.push_back({{"type", "NFKD"}});
    steps.push_back({{"type", "StripAccents"}});
  }
  if (settings.do_lower_case) steps.push_back({{"type", "Lowercase"}});
  if (!model.charsmap.empty()) {
    steps.push_back({{"type", "Precompiled"}, {"precompiled_charsmap", to_base64(model.charsmap)}});
  }
  return {{"type", "Sequence"}, {"normalizers", steps}};
}

ordered_json metaspace() {
  return {{"type", "Metaspace"}, {"replacement", "\u2581"}, {"prepend_scheme", "always"}, {"split", true}};
}

ordered_json pre_tokenizer() {
  return {{"type", "Sequence"}, {"pretokenizers", ordered_json::array({{{"type", "WhitespaceSplit"}}, metaspace()})}};
}

ordered_json unigram(const SentencePieceModel& model, const SpecialIds& special) {
  ordered_json pieces = ordered_json::array();
  for (const VocabularyPiece& piece : model.pieces)
    pieces.push_back(ordered_json::array({piece.text, piece.segmentation_score()}));
  return {{"type", "Unigram"}, {"unk_id", special.unknown}, {"vocab", std::move(pieces)}, {"byte_fallback", false}};
}

ordered_json special_tokens() {
  ordered_json tokens = {{"bos_token", kClsToken}, {"cls_token", kClsToken}, {"eos_token", kSepToken}};
  tokens.update(special_tokens_map(kSpecialTokens, added_token({.content = std::string(kMaskToken), .lstrip = true})));
  return tokens;
}

}  // namespace

std::string why_no_tokenizer(const std::filesystem::path& folder) {
  static constexpr std::array kWritten = {kModelFile, kVocabularyFile, kConfigFile, kTokenizerFile, kSpecialTokensFile};
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (std::ranges::find(kWritten, name) == kWritten.end())
      return fmt::format("it holds {}, which no tokenizer has", name);
    if (!entry.is_regular_file()) return fmt::format("it holds {}, which is no file", name);
  }
  return "";
}

TokenizerSettings read_tokenizer_settings(const std::filesystem::path& folder) {
  const auto config = read_tokenizer_config(folder, kTokenizerClass);
  TokenizerSettings settings;
  settings.do_lower_case = find_setting(config, "do_lower_case", folder).value_or(settings.do_lower_case);
  settings.keep_accents = find_setting(config, "keep_accents", folder).value_or(settings.keep_accents);
  return settings;
}

std::optional<std::int64_t> read_max_length(const std::filesystem::path& folder) {
  constexpr double kNoBound = 1e9;
  const auto config = read_tokenizer_config(folder, "");
  const auto found = config.find("model_max_length");
  if (found == config.end() || !found->is_number()) return std::nullopt;
  const auto length = found->get<double>();
  if (length < 1 || length > kNoBound) return std::nullopt;
  return static_cast<std::int64_t>(length);
}

void write_tokenizer_files(const std::filesystem::path& folder, const SentencePieceModel& model,
                           const TokenizerSettings& settings, const SpecialIds& special, std::int64_t max_length,
                           std::span<const AddedToken> added) {
  make_folder(folder);
  write_file_atomically(folder / kModelFile, model.bytes);
  write_json(folder / kTokenizerFile,
             tokenizer_json({kSpecialTokens, special, true, added}, normalizer(model, settings), pre_tokenizer(),
                            metaspace(), unigram(model, special)));
  write_json(folder / kConfigFile,
             tokenizer_config(kTokenizerClass,
                              {{"do_lower_case", settings.do_lower_case}, {"keep_accents", settings.keep_accents}},
                              max_length, special_tokens()));
  write_json(folder / kSpecialTokensFile, special_tokens());
}

}  // namespace albert::text
