#pragma once

#include <string>
#include <string_view>

#include "config/fields.h"
#include "model/head_config.h"
#include "tasks/task_type.h"
#include "tasks/text/settings.h"

namespace albert::tasks {

/// The `task.embedding` part of a configuration: how texts become vectors, and the pairs of texts that they learn from.
struct EmbeddingSettings : SettingsOf<EmbeddingSettings> {
  model::EmbeddingPooling pooling = model::EmbeddingPooling::kMean;
  model::EmbeddingObjective objective = model::EmbeddingObjective::kCosine;
  double scale = 20;                 ///< for kInBatchNegatives only
  double max_score = 5;              ///< for kCosine only
  std::string similar = "1";         ///< for kClassification only
  std::string label = "label";       ///< in one's own files, unless the pairs have no label
  TextSettings files = own_pairs();  ///< the layout; see text_files()

  void fields(config::Fields& f) override;
  void data_fields(config::Fields& f) override;  ///< those that say what the pairs are, and how their files are read
  bool has_data_fields() const override { return true; }
  void check(config::Checks& c, std::string_view prefix) const override;

  TransformersHead transformers_head() const override { return {.architecture = kNoHead}; }
  ScoreOptions score_options() const override { return {.column = !files.glue}; }
  bool has_classes() const override { return objective == model::EmbeddingObjective::kClassification; }
  bool learns_from_whole_updates() const override { return seeks_partners(); }

  bool seeks_partners() const { return objective == model::EmbeddingObjective::kInBatchNegatives; }
  /// `files` with the labels that the objective asks for: numbers, classes or none.
  TextSettings text_files() const;

 private:
  static TextSettings own_pairs();
};

}  // namespace albert::tasks
