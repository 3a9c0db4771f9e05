#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/timeline.h"

namespace albert::train {

struct PretrainConfig;

/// What a pretraining does otherwise at its beginning than at its end, as functions of the number of updates done: how
/// often the layer is applied, how long the sequences are, how many of them an update has, how many words are hidden.
class Stages {
 public:
  /// Updates between two changes of shape.
  struct Stage {
    std::int64_t begin = 0;  ///< updates done before its first one
    std::int64_t num_layers = 0;
    std::int64_t sequence_length = 0;
    std::int64_t batch_size = 0;        ///< sequences
    std::int64_t micro_batch_size = 0;  ///< sequences: short ones are put together until they are as many tokens
  };

  /// \param config whose length is settled: train.steps counts
  explicit Stages(const PretrainConfig& config);

  /// In their order, at least one.
  const std::vector<Stage>& all() const { return stages_; }
  /// \param step updates done before
  const Stage& at(std::int64_t step) const;
  /// The stage of the last update made: in its shape the model is judged and saved.
  const Stage& behind(std::int64_t step) const { return at(step > 0 ? step - 1 : 0); }
  bool has_one_length() const;
  /// Whether the update has sequences of another length than the one before.
  bool changes_length(std::int64_t step) const;
  /// The share of the tokens that is to be predicted.
  double masking_rate(std::int64_t step) const { return masking_rate_.value_at(step, num_steps_); }
  /// Of all sequences of the run.
  std::int64_t num_sequences() const;
  std::int64_t num_steps() const { return num_steps_; }
  /// The first updates of another depth or length, before which the learning rate is warmed up again.
  std::vector<std::int64_t> borders() const;

 private:
  std::int64_t num_steps_;
  config::Timeline masking_rate_;
  std::vector<Stage> stages_;
};

/// The stages as a table for people; empty if there is one only and the masking rate stays.
std::string describe(const Stages& stages);

}  // namespace albert::train
