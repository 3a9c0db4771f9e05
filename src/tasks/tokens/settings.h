#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/task_type.h"
#include "tasks/tokens/record.h"

namespace albert::tasks {

/// What counts as right.
enum class TagScoring {
  kEntities,  ///< the whole span of words and its type, as seqeval computes it: precision, recall, f1
  kTags,      ///< the tag of each word: accuracy
};

/// What the words of a plain text are, where it is to be tagged as it stands.
enum class TextWords {
  kSpaced,      ///< what stands between white space
  kCharacters,  ///< every character but white space, as in Chinese data sets
};

/// The `task.tokens` part of a configuration: a tag for every word.
struct TokenSettings : SettingsOf<TokenSettings> {
  TagFormat format = {.settings = "task.tokens."};
  TagScoring score = TagScoring::kEntities;
  std::vector<std::string> all_labels = {};
  std::string fallback_tag = {};
  std::int64_t stride = 128;
  TextWords text_words = TextWords::kSpaced;

  void fields(config::Fields& f) override;
  void data_fields(config::Fields& f) override;
  bool has_data_fields() const override { return true; }
  void check(config::Checks& c, std::string_view prefix) const override;
  TransformersHead transformers_head() const override { return {.architecture = "AlbertForTokenClassification"}; }
  bool has_classes() const override { return true; }
  bool has_probabilities() const override { return true; }
  const std::vector<std::string>* labels() const override { return &all_labels; }
};

}  // namespace albert::tasks
