#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "checkpoint/model_contents.h"
#include "metrics/figures.h"
#include "parallel/group.h"
#include "train/batch_source.h"

/// What a model is trained for: where its examples come from, what its loss is, and how it is judged. The training loop
/// knows no more of a task than this.
namespace albert::train {

/// The result of a forward pass.
struct Loss {
  at::Tensor value;  ///< float32 scalar: this micro-batch's share of the update's loss
  at::Tensor sums;   ///< [num_sums()] float64, without gradient: see figures()
};

/// How a model did on examples that it was not trained on.
struct Evaluation {
  metrics::Figures figures;
  std::string metric;                ///< the figure by which models are compared, see metrics::is_better_smaller()
  std::optional<double> value = {};  ///< what that figure is; nothing if it could not be computed
  std::string why_no_value = {};     ///< what is known of the reason why there is no value: lines, or empty
};

/// Of the fingerprints, the one that may change on resuming: then no earlier result is compared with a later one.
inline constexpr const char* kEvaluationData = "data for evaluation";

class Objective : public BatchSource {
 public:
  /// Tokens of the longest sequences of an update; 0 where that does not matter.
  /// \param step updates done before
  virtual std::int64_t sequence_length(std::int64_t /*step*/) const { return 0; }
  /// Called before the first update with sequences that have positions from `known` up to `end`, which are new.
  virtual void extend_positions(std::int64_t /*known*/, std::int64_t /*end*/) {}
  /// What an update is made with that may change over the run, besides the learning rate; nothing where nothing does.
  /// \param step updates done before
  virtual metrics::Figures shape_of_update(std::int64_t /*step*/) const { return {}; }
  /// Called before the forward passes of an update.
  /// \param step updates done before
  /// \return the parameters that it has made copies of others: a model that grows begins its new layers so
  virtual std::vector<optim::ParameterCopy> begin_update(std::int64_t step) = 0;
  /// The sum of each loss over the micro-batch, divided by the number of its targets in the whole update and added up:
  /// the values of an update's micro-batches add up to what one large batch would give.
  virtual Loss loss(const MicroBatch& micro_batch, const TargetCounts& update_targets) = 0;

  /// How many kinds of targets TargetCounts tells apart.
  virtual std::size_t num_targets() const = 0;
  virtual std::size_t num_sums() const = 0;
  /// The figures of everything whose sums were added up: "loss" first, then whatever else the task reports.
  virtual metrics::Figures figures(std::span<const double> sums) const = 0;

  /// How the model does on held-out examples, the same ones every time. Nothing if there are none.
  /// \param ranks divide the work; the figures are those that one rank alone would find, and all of them have them
  /// \param step updates done: a model that grows is judged in the shape of the last of them
  virtual std::optional<Evaluation> evaluate(parallel::Group& ranks, std::int64_t step) = 0;

  /// Called before a checkpoint.
  /// \param step as for evaluate()
  /// Throws DataError if what the updates learnt from has turned out to be damaged.
  virtual void require_sound_data(std::int64_t /*step*/) const {}
  /// All tensors that the training may change, also those that the model does not reach yet.
  virtual optim::NamedTensors parameters() const { return model(0).parameters; }
  /// The model as it is saved.
  /// \param step as for evaluate()
  virtual checkpoint::ModelContents model(std::int64_t step) const = 0;
  /// What must not have changed when a run is resumed: {"corpus": checksum, ...}; and kEvaluationData.
  virtual std::map<std::string, std::string> fingerprints() const = 0;
};

}  // namespace albert::train
