#include "interop/sentence_transformers.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "interop/folder_names.h"
#include "interop/write_json.h"

namespace albert::interop {

namespace {

using nlohmann::ordered_json;

ordered_json module(int index, const char* path, const char* type) {
  return {{"idx", index},
          {"name", std::to_string(index)},
          {"path", path},
          {"type", std::string("sentence_transformers.models.") + type}};
}

/// Every key is there: their readers differ in which they expect.
ordered_json pooling_settings(const inference::SentenceSettings& settings) {
  ordered_json written = {{"word_embedding_dimension", settings.vector_size.value()},
                          {"pooling_mode_cls_token", settings.pooling == model::EmbeddingPooling::kFirstToken},
                          {"pooling_mode_mean_tokens", settings.pooling == model::EmbeddingPooling::kMean}};
  for (const char* other : {"max_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken"}) {
    written[std::string("pooling_mode_") + other] = false;
  }
  written["include_prompt"] = true;
  return written;
}

}  // namespace

void write_sentence_transformers_files(const fs::path& folder, const inference::SentenceSettings& settings) {
  constexpr const char* kPooling = "1_Pooling";
  constexpr const char* kNormalize = "2_Normalize";
  auto modules = ordered_json::array({module(0, "", "Transformer"), module(1, kPooling, "Pooling")});
  if (settings.normalizes) {
    modules.push_back(module(2, kNormalize, "Normalize"));
    make_folder(folder / kNormalize);  // without settings
  }
  write_json(folder / kModulesFile, modules);
  make_folder(folder / kPooling);
  write_json(folder / kPooling / "config.json", pooling_settings(settings));
  write_json(folder / "sentence_bert_config.json",
             ordered_json{{"max_seq_length", settings.max_length.value()}, {"do_lower_case", settings.lower_cases}});
  // The version is the oldest that reads these files.
  write_json(folder / "config_sentence_transformers.json",
             ordered_json{{"__version__", {{"sentence_transformers", "2.0.0"}}},
                          {"prompts", ordered_json(settings.prompts)},
                          {"default_prompt_name", nullptr},
                          {"similarity_fn_name", settings.similarity}});
}

std::optional<inference::SentenceSettings> stored_sentence_settings(const inference::ModelFolder& source) {
  auto settings = inference::read_sentence_settings(source.path);
  if (!settings) return std::nullopt;
  settings->vector_size = settings->vector_size.value_or(source.config.hidden_size);
  settings->max_length = std::min(source.max_length, settings->max_length.value_or(source.max_length));
  return settings;
}

}  // namespace albert::interop
