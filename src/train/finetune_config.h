#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "config/configuration.h"
#include "model/config.h"
#include "tasks/definition.h"
#include "train/item_order.h"
#include "train/training_config.h"

namespace albert::train {

/// Whether a head that the model to start from has is trained on.
enum class HeadChoice {
  kAuto,   ///< if it is of the same task: see why_head_differs()
  kTake,   ///< yes; it must have the right shape
  kFresh,  ///< no
};

/// The `model` part of a fine-tuning configuration: where the weights come from, and how they are trained on.
struct StartingModelConfig {
  std::filesystem::path path;
  double hidden_dropout_prob = -1;
  double attention_probs_dropout_prob = -1;
  double classifier_dropout_prob = -1;
  bool freeze_encoder = false;
  bool fresh_weights = false;
  HeadChoice head = HeadChoice::kAuto;

  void fields(config::Fields& f);
  void check(config::Checks& c) const;
  /// The model folder's own configuration with the dropouts of this one.
  model::AlbertConfig over(model::AlbertConfig config) const;
};

/// The `data` part of a fine-tuning configuration.
struct FinetuneDataConfig {
  std::filesystem::path path;
  std::vector<std::string> more_paths;
  std::int64_t batch_tokens = 0;
  bool like_lengths_together = false;
  std::int64_t threads = 1;

  void fields(config::Fields& f);
  /// The files and folders of the data set, each once, with patterns replaced by what they match.
  /// Throws DataError for a pattern that matches nothing.
  std::vector<std::filesystem::path> paths() const;
};

/// The configuration of `albert finetune`.
struct FinetuneConfig {
  tasks::TaskConfig task;
  StartingModelConfig model;
  FinetuneDataConfig data;
  TrainingConfig training;

  /// With the defaults of fine-tuning where they differ from those of pretraining: AdamW at 2e-5 with linear decay, 32
  /// examples an update and no length unless one is given, evaluation on all of the development data, and a
  /// checkpoint with every evaluation, of which the last three stay.
  FinetuneConfig();

  void fields(config::Fields& f);
  void check(config::Checks& c) const;

  BatchPlan batch_plan() const;

 private:
  /// Pairs without labels learn from the other pairs of the update, which therefore may not be split.
  void check_negatives(config::Checks& c) const;
};

using WrittenFinetuneConfig = config::Written<FinetuneConfig>;

/// Reads a configuration and the assignments of --set over it.
/// \param name of a YAML file, or of a recipe of configs/finetune; empty: none
/// Throws UsageError listing every mistake.
WrittenFinetuneConfig read_finetune_config(const std::filesystem::path& name,
                                           const std::vector<std::string>& assignments);

}  // namespace albert::train
