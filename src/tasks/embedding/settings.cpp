#include "tasks/embedding/settings.h"

#include <spdlog/fmt/fmt.h>

namespace albert::tasks {

using model::EmbeddingObjective;
using model::EmbeddingPooling;

TextSettings EmbeddingSettings::own_pairs() {
  TextSettings files;
  files.second_text = kSecondTextName;
  files.prefix = "task.embedding.";
  return files;
}

void EmbeddingSettings::fields(config::Fields& f) {
  // The last one of names for the same is written.
  f.choice("pooling", pooling,
           "what a text's vector is: mean (of the last hidden states of its tokens, [CLS] and [SEP] too) or first "
           "(that of [CLS]; also called cls)",
           {{"mean", EmbeddingPooling::kMean},
            {"cls", EmbeddingPooling::kFirstToken},
            {"first", EmbeddingPooling::kFirstToken}});
  data_fields(f);
  if (objective != EmbeddingObjective::kInBatchNegatives) return;
  f("scale", scale, "factor of the cosines before the softmax (Sentence-Transformers' default)", config::positive());
}

void EmbeddingSettings::data_fields(config::Fields& f) {
  f.choice("objective", objective,
           "what is learnt: cosine (to be the pair's score), classification (of the pair by a layer over both vectors "
           "and their difference, arXiv 1908.10084) or in_batch_negatives (to find the partner among those of the "
           "update)",
           {{"cosine", EmbeddingObjective::kCosine},
            {"classification", EmbeddingObjective::kClassification},
            {"in_batch_negatives", EmbeddingObjective::kInBatchNegatives}});
  switch (objective) {
    case EmbeddingObjective::kCosine:
      f("max_score", max_score, "score of texts that mean the same: a score divided by it is the cosine to learn",
        config::positive());
      break;
    case EmbeddingObjective::kClassification:
      f("similar", similar, "label of pairs whose cosine should be large, by which the model is judged");
      break;
    case EmbeddingObjective::kInBatchNegatives:
      break;
  }
  files.layout_field(f, /*pairs_only=*/true);
  if (files.glue) return;
  files.format_fields(f);
  f("text", files.text, "column of the first text: its name, or its number from 1");
  f("second_text", files.second_text, "column of the second text");
  if (objective != EmbeddingObjective::kInBatchNegatives) f("label", label, "column of the score or label");
}

void EmbeddingSettings::check(config::Checks& c, std::string_view prefix) const {
  const auto key = [&](std::string_view name) { return fmt::format("{}{}", prefix, name); };
  const bool has_scores = !files.glue || files.glue == GlueTask::kStsb;
  const bool layout_has_classes = files.glue != GlueTask::kStsb;
  if (objective == EmbeddingObjective::kCosine && !has_scores) {
    c.fail(key("objective"), "cosine learns scores, but this layout has labels; use classification");
  }
  if (objective == EmbeddingObjective::kClassification && !layout_has_classes) {
    c.fail(key("objective"), "classification learns labels, but this layout has scores; use cosine");
  }
  if (objective == EmbeddingObjective::kInBatchNegatives && files.glue) {
    c.fail(key("objective"),
           "in_batch_negatives takes every pair for one that means the same, but not all of this layout's do; put "
           "those that do into a file of your own (layout: own)");
  }
  if (files.glue) return;
  if (files.second_text.empty()) c.fail(key("second_text"), "name the column of the second text");
  if (label.empty()) c.fail(key("label"), "name the column of the score or label");
  text_files().check_files(c, prefix);
}

TextSettings EmbeddingSettings::text_files() const {
  TextSettings settings = files;
  settings.label.clear();
  if (objective != EmbeddingObjective::kInBatchNegatives) settings.label.push_back(label);
  settings.output =
      objective == EmbeddingObjective::kClassification ? TextOutput::kClassification : TextOutput::kRegression;
  return settings;
}

}  // namespace albert::tasks
