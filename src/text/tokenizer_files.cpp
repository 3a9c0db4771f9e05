#include "text/tokenizer_files.h"

#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "text/base64.h"
#include "text/special_tokens.h"

namespace albert::text {
namespace {

using nlohmann::ordered_json;

constexpr const char* kTokenizerClass = "AlbertTokenizer";

ordered_json added_token(std::string_view content) {
  return {{"content", content},
          {"single_word", false},
          {"lstrip", content == kMaskToken},
          {"rstrip", false},
          {"normalized", false}};
}

ordered_json added_tokens(const SpecialIds& special) {
  const std::vector<std::pair<std::int32_t, std::string_view>> tokens = {{special.pad, kPadToken},
                                                                         {special.unknown, kUnknownToken},
                                                                         {special.cls, kClsToken},
                                                                         {special.sep, kSepToken},
                                                                         {special.mask, kMaskToken}};
  ordered_json list = ordered_json::array();
  for (const auto& [id, content] : tokens) {
    ordered_json token = {{"id", id}};
    token.update(added_token(content));
    token["special"] = true;
    list.push_back(std::move(token));
  }
  return list;
}

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

ordered_json post_processor(const SpecialIds& special) {
  const auto token = [](std::string_view name, int type) -> ordered_json {
    return {{"SpecialToken", {{"id", name}, {"type_id", type}}}};
  };
  const auto text = [](const char* name, int type) -> ordered_json {
    return {{"Sequence", {{"id", name}, {"type_id", type}}}};
  };
  const auto entry = [](std::string_view name, std::int32_t id) -> ordered_json {
    return {{"id", name}, {"ids", ordered_json::array({id})}, {"tokens", ordered_json::array({name})}};
  };
  const ordered_json single = ordered_json::array({token(kClsToken, 0), text("A", 0), token(kSepToken, 0)});
  ordered_json pair = single;
  pair.push_back(text("B", 1));
  pair.push_back(token(kSepToken, 1));
  return {{"type", "TemplateProcessing"},
          {"single", single},
          {"pair", pair},
          {"special_tokens", {{kClsToken, entry(kClsToken, special.cls)}, {kSepToken, entry(kSepToken, special.sep)}}}};
}

ordered_json unigram(const SentencePieceModel& model, const SpecialIds& special) {
  ordered_json pieces = ordered_json::array();
  for (const VocabularyPiece& piece : model.pieces)
    pieces.push_back(ordered_json::array({piece.text, piece.segmentation_score()}));
  return {{"type", "Unigram"}, {"unk_id", special.unknown}, {"vocab", std::move(pieces)}, {"byte_fallback", false}};
}

ordered_json tokenizer_json(const SentencePieceModel& model, const TokenizerSettings& settings,
                            const SpecialIds& special) {
  return {{"version", "1.0"},
          {"truncation", nullptr},
          {"padding", nullptr},
          {"added_tokens", added_tokens(special)},
          {"normalizer", normalizer(model, settings)},
          {"pre_tokenizer", pre_tokenizer()},
          {"post_processor", post_processor(special)},
          {"decoder", metaspace()},
          {"model", unigram(model, special)}};
}

ordered_json special_tokens() {
  return {{"bos_token", kClsToken},    {"cls_token", kClsToken},
          {"eos_token", kSepToken},    {"mask_token", added_token(kMaskToken)},
          {"pad_token", kPadToken},    {"sep_token", kSepToken},
          {"unk_token", kUnknownToken}};
}

ordered_json tokenizer_config(const TokenizerSettings& settings, std::int64_t max_length) {
  ordered_json config = {{"tokenizer_class", kTokenizerClass},
                         {"do_lower_case", settings.do_lower_case},
                         {"keep_accents", settings.keep_accents},
                         {"model_max_length", max_length},
                         {"model_input_names", {"input_ids", "token_type_ids", "attention_mask"}}};
  config.update(special_tokens());
  return config;
}

bool setting(const nlohmann::json& config, const char* key, bool default_value) {
  const auto found = config.find(key);
  if (found == config.end() || found->is_null()) return default_value;
  if (!found->is_boolean()) throw ModelError("{} is {}, expected true or false", key, found->dump());
  return found->get<bool>();
}

TokenizerSettings parse_settings(const std::string& text) {
  const auto config = nlohmann::json::parse(text);
  if (!config.is_object()) throw ModelError("expected an object");
  const std::string name = config.value("tokenizer_class", kTokenizerClass);
  if (!name.starts_with(kTokenizerClass)) throw ModelError("it belongs to a {}, expected an {}", name, kTokenizerClass);
  TokenizerSettings settings;
  settings.do_lower_case = setting(config, "do_lower_case", settings.do_lower_case);
  settings.keep_accents = setting(config, "keep_accents", settings.keep_accents);
  return settings;
}

}  // namespace

TokenizerSettings read_tokenizer_settings(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kConfigFile;
  if (!std::filesystem::exists(path)) return {};
  const std::string text = read_file(path);
  try {
    return parse_settings(text);
  } catch (const nlohmann::json::exception& error) {
    throw ModelError("{} is not valid: {}", path.string(), error.what());
  } catch (const ModelError& error) {
    throw ModelError("{} is not valid: {}", path.string(), error.what());
  }
}

void write_tokenizer_files(const std::filesystem::path& folder, const SentencePieceModel& model,
                           const TokenizerSettings& settings, const SpecialIds& special, std::int64_t max_length) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) throw IoError("cannot make the folder {}: {}", folder.string(), failure.message());
  const auto write = [&folder](const char* name, const std::string& content) {
    write_file_atomically(folder / name, content);
  };
  write(kModelFile, model.bytes);
  write(kTokenizerFile, tokenizer_json(model, settings, special).dump(2) + "\n");
  write(kConfigFile, tokenizer_config(settings, max_length).dump(2) + "\n");
  write(kSpecialTokensFile, special_tokens().dump(2) + "\n");
}

}  // namespace albert::text
