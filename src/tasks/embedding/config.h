#pragma once

#include <string>
#include <string_view>

#include "config/fields.h"
#include "model/head_config.h"
#include "tasks/text/config.h"

namespace albert::tasks {

/// The `task.embedding` part of a configuration: how texts become vectors, and the pairs of texts that they learn from.
struct EmbeddingConfig {
  model::EmbeddingPooling pooling = model::EmbeddingPooling::kMean;
  model::EmbeddingObjective objective = model::EmbeddingObjective::kCosine;
  double scale = 20;               ///< of kInBatchNegatives only
  double max_score = 5;            ///< of kCosine only
  std::string similar = "1";       ///< of kClassification only
  std::string label = "label";     ///< of one's own files, unless the pairs have no label
  TextConfig files = own_pairs();  ///< the layout; see text_files()

  void fields(config::Fields& f);
  void data_fields(config::Fields& f);  ///< those that say what the pairs are, and how their files are read
  /// \param prefix of the keys in the whole configuration: "task.embedding."
  void check(config::Checks& c, std::string_view prefix) const;

  /// `files` with the labels that the objective asks for: numbers, classes or none.
  TextConfig text_files() const;

 private:
  static TextConfig own_pairs();
};

}  // namespace albert::tasks
