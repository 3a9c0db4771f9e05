#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "corpus/examples/corpus_mix.h"
#include "corpus/examples/examples.h"
#include "corpus/store/shard_check.h"
#include "model/pretraining.h"
#include "train/course.h"
#include "train/held_out.h"
#include "train/objective.h"
#include "train/stages.h"

namespace albert::train {

struct PretrainingOptions {
  std::uint64_t seed = 1;                     ///< decides the order of the examples, the masks and dropout
  bool recompute = false;                     ///< see model::Pass
  std::int64_t evaluation_batch_size = 32;    ///< sequences
  std::int64_t max_evaluation_sequences = 0;  ///< 0: all of the held-out part
  std::string metric = "loss";                ///< of the figures: the one by which models are compared
  std::optional<Stages> stages = {};          ///< nothing: the run has one shape, and the masking rate that its end has
  const Course* course = nullptr;             ///< where in the stages an update is; outlives the objective
  /// Asked before every update and checkpoint; null: the shards are not checked. Outlives the objective.
  const corpus::ShardCheck* shard_check = nullptr;
};

/// Masked words and sentence order, learnt from corpora (Lan et al., arXiv 1909.11942, section 3.1).
///
/// Figures: loss (the sum of both), mlm_loss, mlm_accuracy, sop_loss, sop_accuracy; in evaluations also
/// constant_guess_mlm_accuracy, that of always answering the most frequent masked word. The evaluation of several corpora
/// counts each by its weight, and has the figures of each behind the name of its folder: books_mlm_loss.
class PretrainingObjective : public Objective {
 public:
  /// \param tokenizer that of the corpora
  PretrainingObjective(std::shared_ptr<model::AlbertForPretraining> model, corpus::CorpusMix corpora,
                       std::shared_ptr<const text::Tokenizer> tokenizer, const corpus::ExampleConfig& examples,
                       const PretrainingOptions& options);

  std::shared_ptr<const BatchEpoch> epoch(std::uint64_t number, std::int64_t step) const override;
  /// Of an epoch of sequences of full length.
  std::int64_t epoch_size() const { return static_cast<std::int64_t>(training_.at(max_length_)->epoch(0)->size()); }
  /// See corpus::ExampleSource::components().
  std::vector<corpus::EpochComponent> epoch_parts() const { return training_.at(max_length_)->components(); }
  bool changes_examples(std::int64_t step) const override;
  std::optional<UpdateSize> size_of_update(std::int64_t step) const override;
  std::int64_t sequence_length(std::int64_t step) const override;
  void extend_positions(std::int64_t known, std::int64_t end) override;
  /// layers, sequence_length, batch_size (sequences) and masking_rate.
  metrics::Figures shape_of_update(std::int64_t step) const override;
  std::vector<optim::ParameterCopy> begin_update(std::int64_t step) override;
  Loss loss(const MicroBatch& micro_batch, const TargetCounts& update_targets) override;
  std::size_t num_targets() const override { return 2; }
  std::size_t num_sums() const override;
  metrics::Figures figures(std::span<const double> sums) const override;
  std::optional<Evaluation> evaluate(parallel::Group& ranks, std::int64_t step) override;
  void require_sound_data(std::int64_t step) const override;
  optim::NamedTensors parameters() const override;
  checkpoint::ModelContents model(std::int64_t step) const override;
  std::map<std::string, std::string> fingerprints() const override;

 private:
  std::vector<optim::ParameterCopy> stack_layers(std::int64_t step);
  /// How many groups of layers the model of an update reaches.
  std::int64_t num_groups(std::int64_t num_layers) const;
  /// Only with stages.
  const Stages::Stage& stage_of(std::int64_t step) const;
  /// How often the layer is applied in the last update made: in its shape the model is judged and saved.
  std::int64_t num_layers(std::int64_t step) const;

  std::shared_ptr<model::AlbertForPretraining> model_;
  corpus::CorpusMix corpora_;
  std::shared_ptr<const text::Tokenizer> tokenizer_;
  /// By the length of the sequences.
  std::map<std::int64_t, std::shared_ptr<const corpus::ExampleSource>> training_;
  std::int64_t max_length_;
  double masking_rate_;                ///< without stages
  std::vector<HeldOutPart> held_out_;  ///< none: there is nothing to evaluate on
  PretrainingOptions options_;
  std::optional<std::int64_t> first_step_;  ///< updates that were done before this sitting
  model::Pass pass_;
};

}  // namespace albert::train
