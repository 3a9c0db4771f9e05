#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/timeline.h"
#include "optim/schedule.h"

namespace albert::train {

struct PretrainConfig;

/// What a pretraining does otherwise at its beginning than at its end, as functions of the place in the run (see Course):
/// how often the layer is applied, how long the sequences are, how many of them an update has, how many words are hidden.
class Stages {
 public:
  /// The run between two changes of shape.
  struct Stage {
    std::int64_t begin = 0;  ///< the place
    std::int64_t num_layers = 0;
    std::int64_t sequence_length = 0;
    std::int64_t batch_size = 0;        ///< sequences
    std::int64_t micro_batch_size = 0;  ///< sequences: short ones are put together until they are as many tokens
  };

  /// \param config whose length is settled
  explicit Stages(const PretrainConfig& config);

  /// In their order, at least one.
  const std::vector<Stage>& all() const { return stages_; }
  const Stage& at(std::int64_t place) const;
  bool has_one_length() const;
  /// The share of the tokens that is to be predicted.
  double masking_rate(std::int64_t place) const { return masking_rate_.value_at(place, length_.count); }
  /// Of all sequences of the run; nothing where it has so many minutes.
  std::optional<std::int64_t> num_sequences() const;
  const optim::RunLength& length() const { return length_; }
  /// The places of another depth or length, before which the learning rate is warmed up again.
  std::vector<std::int64_t> borders() const;

 private:
  optim::RunLength length_;
  config::Timeline masking_rate_;
  std::vector<Stage> stages_;
};

/// The stages as a table for people; empty if there is one only and the masking rate stays.
std::string describe(const Stages& stages);

}  // namespace albert::train
