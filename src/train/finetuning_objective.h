#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/task_model.h"
#include "tasks/task.h"
#include "train/item_order.h"
#include "train/objective.h"

namespace albert::train {

struct FinetuningOptions {
  std::uint64_t seed = 1;  ///< decides the order of the examples, and dropout
  bool recompute = false;  ///< see model::Pass
  BatchPlan batches = {};
  model::LossConfig loss = {};  ///< of training; evaluations report the plain one, so that runs can be compared
  std::int64_t evaluation_batch_tokens = 4096;  ///< see ScoringOptions
};

/// A part of the development data with the name that its figures carry.
struct DevelopmentSet {
  std::string prefix;  ///< before the figures' names; empty for the first one
  std::shared_ptr<tasks::DataSet> data;
};

/// A task, learnt from labelled examples.
///
/// Figures: loss, the mean over the targets; in evaluations `loss` and what the task's metric reports. Models are
/// compared by Task::metric() on the first development set.
class FinetuningObjective : public Objective {
 public:
  /// \param training labelled, and so is the data of `development`, which may be empty
  /// \param tokenizer that of the model
  FinetuningObjective(std::shared_ptr<model::TaskModel> model, std::shared_ptr<const tasks::Task> task,
                      std::shared_ptr<const tasks::DataSet> training, std::vector<DevelopmentSet> development,
                      std::shared_ptr<const text::Tokenizer> tokenizer, FinetuningOptions options);

  std::shared_ptr<const BatchEpoch> epoch(std::uint64_t number, std::int64_t step) const override;
  std::vector<optim::ParameterCopy> begin_update(std::int64_t step) override;
  Loss loss(const MicroBatch& micro_batch, const TargetCounts& update_targets) override;
  std::size_t num_targets() const override { return 1; }
  std::size_t num_sums() const override { return 2; }
  metrics::Figures figures(std::span<const double> sums) const override;
  std::optional<Evaluation> evaluate(parallel::Group& ranks, std::int64_t step) override;
  checkpoint::ModelContents model(std::int64_t step) const override;
  std::map<std::string, std::string> fingerprints() const override;

  /// Updates of so many passes over the training examples.
  std::int64_t count_updates(double epochs) const;

 private:
  model::TaskModel& evaluated_model();

  std::shared_ptr<model::TaskModel> model_;
  std::shared_ptr<model::TaskModel> exact_model_;  ///< see evaluated_model(); null until it is asked for
  std::shared_ptr<const tasks::Task> task_;
  std::shared_ptr<const tasks::DataSet> training_;
  std::vector<DevelopmentSet> development_;
  std::shared_ptr<const text::Tokenizer> tokenizer_;
  FinetuningOptions options_;
  std::vector<std::int64_t> lengths_;  ///< [N] tokens of each training item
  model::Pass pass_;
  std::optional<tasks::TaskDefinition> settled_;  ///< by the evaluation of the model as it is now
};

}  // namespace albert::train
