#include "text/tokenizer_json.h"

#include <algorithm>
#include <array>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "text/tokenizer_files.h"

namespace albert::text {
namespace {

using nlohmann::ordered_json;

constexpr const char* kClass = "tokenizer_class";
constexpr std::size_t kMask = 4;  ///< its place among the special tokens

ordered_json added_tokens(const TokenizerParts& parts) {
  const std::array<std::int32_t, 5> ids = in_order(parts.ids);
  std::vector<AddedToken> tokens(parts.added.begin(), parts.added.end());
  for (std::size_t token = 0; token < ids.size(); ++token) {
    tokens.push_back({.content = std::string(parts.spellings[token]),
                      .id = ids[token],
                      .lstrip = token == kMask && parts.mask_takes_spaces_before,
                      .special = true});
  }
  std::ranges::sort(tokens, {}, &AddedToken::id);
  ordered_json list = ordered_json::array();
  for (const AddedToken& token : tokens) {
    ordered_json entry = {{"id", token.id}};
    entry.update(added_token(token));
    entry["special"] = token.special;
    list.push_back(std::move(entry));
  }
  return list;
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

ordered_json parse_config(const std::string& text, std::string_view expected) {
  ordered_json config = read_ordered_json(text);
  const ordered_json* found = find_json_member(config, kClass);
  if (!found) return config;
  const auto name = json_value<std::string>(*found, kClass);
  if (!name.starts_with(expected)) {
    throw ModelError("it belongs to a {}, but the vocabulary beside it to a {}", name, expected);
  }
  return config;
}

}  // namespace

ordered_json added_token(const AddedToken& token) {
  return {{"content", token.content},
          {"single_word", token.single_word},
          {"lstrip", token.lstrip},
          {"rstrip", token.rstrip},
          {"normalized", token.normalized}};
}

ordered_json tokenizer_json(const TokenizerParts& parts, const ordered_json& normalizer,
                            const ordered_json& pre_tokenizer, const ordered_json& decoder, ordered_json model) {
  return {{"version", "1.0"},
          {"truncation", nullptr},
          {"padding", nullptr},
          {"added_tokens", added_tokens(parts)},
          {"normalizer", normalizer},
          {"pre_tokenizer", pre_tokenizer},
          {"post_processor", post_processor(parts.ids)},
          {"decoder", decoder},
          {"model", std::move(model)}};
}

ordered_json special_tokens_map(const SpecialSpellings& spellings, const ordered_json& mask) {
  return {{"cls_token", spellings[2]},
          {"mask_token", mask},
          {"pad_token", spellings[0]},
          {"sep_token", spellings[3]},
          {"unk_token", spellings[1]}};
}

ordered_json tokenizer_config(std::string_view tokenizer_class, const ordered_json& settings, std::int64_t max_length,
                              const ordered_json& special_tokens) {
  ordered_json config = {{kClass, tokenizer_class}};
  config.update(settings);
  config["model_max_length"] = max_length;
  config["model_input_names"] = {"input_ids", "token_type_ids", "attention_mask"};
  config.update(special_tokens);
  return config;
}

ordered_json read_tokenizer_config(const std::filesystem::path& folder, std::string_view tokenizer_class) {
  const std::filesystem::path path = folder / kConfigFile;
  if (!is_there(path)) return ordered_json::object();
  const std::string text = read_file(path, kMaxConfigBytes);
  try {
    return parse_config(text, tokenizer_class);
  } catch (const nlohmann::json::exception& error) {
    throw ModelError("{} is not valid: {}", path.string(), json_problem(error));
  } catch (const ModelError& error) {
    throw ModelError("{} is not valid: {}", path.string(), error.what());
  }
}

std::optional<bool> find_setting(const ordered_json& config, const char* key, const std::filesystem::path& folder) {
  const auto found = config.find(key);
  if (found == config.end() || found->is_null()) return std::nullopt;
  if (!found->is_boolean()) {
    throw ModelError("{} is not valid: {} is {}, expected true or false", (folder / kConfigFile).string(), key,
                     short_json(*found));
  }
  return found->get<bool>();
}

void write_json(const std::filesystem::path& file, const ordered_json& content) {
  write_file_atomically(file, content.dump(2) + "\n");
}

}  // namespace albert::text
