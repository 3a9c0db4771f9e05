#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "corpus/examples.h"
#include "model/pretraining.h"
#include "train/objective.h"

namespace albert::train {

struct PretrainingOptions {
  std::uint64_t seed = 1;                     ///< decides the order of the examples, the masks and dropout
  bool recompute = false;                     ///< see model::Pass
  std::int64_t evaluation_batch_size = 32;    ///< sequences
  std::int64_t max_evaluation_sequences = 0;  ///< 0: all of the held-out part
  std::string metric = "loss";                ///< of the figures: the one by which models are compared
};

/// Masked words and sentence order, learnt from a corpus (Lan et al., arXiv 1909.11942, section 3.1).
///
/// Figures: loss (the sum of both), mlm_loss, mlm_accuracy, sop_loss, sop_accuracy; in evaluations also
/// constant_guess_mlm_accuracy, that of always answering the most frequent masked word.
class PretrainingObjective : public Objective {
 public:
  /// \param tokenizer that of the corpus
  PretrainingObjective(std::shared_ptr<model::AlbertForPretraining> model, std::shared_ptr<const corpus::Corpus> corpus,
                       std::shared_ptr<const text::Tokenizer> tokenizer, const corpus::ExampleConfig& examples,
                       const PretrainingOptions& options);

  std::shared_ptr<const BatchEpoch> epoch(std::uint64_t number) const override;
  void begin_update(std::int64_t step) override;
  Loss loss(const MicroBatch& micro_batch, const TargetCounts& update_targets) override;
  std::size_t num_targets() const override { return 2; }
  std::size_t num_sums() const override;
  metrics::Figures figures(std::span<const double> sums) const override;
  std::optional<Evaluation> evaluate(parallel::Group& ranks) override;
  checkpoint::ModelContents model() const override;
  std::map<std::string, std::string> fingerprints() const override;

 private:
  std::shared_ptr<model::AlbertForPretraining> model_;
  std::shared_ptr<const corpus::Corpus> corpus_;
  std::shared_ptr<const text::Tokenizer> tokenizer_;
  corpus::PretrainingExamples training_;
  std::shared_ptr<const corpus::EpochExamples> held_out_;  ///< null: there is nothing to evaluate on
  PretrainingOptions options_;
  model::Pass pass_;
};

}  // namespace albert::train
