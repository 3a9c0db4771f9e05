#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

#include "metrics/figures.h"

namespace albert::text {
class Tokenizer;
}

/// What a model is trained for: where its examples come from, what its loss is, and how it is judged. The training loop
/// knows no more of a task than this.
namespace albert::tasks {

/// How many targets each of a task's losses has, {masked words, sentence orders} say: what the sums of the losses are
/// divided by.
using TargetCounts = std::vector<std::int64_t>;

/// Sequences that go through the model together. Only the task that made it knows what is inside.
struct MicroBatch {
  virtual ~MicroBatch() = default;

  std::int64_t num_sequences = 0;
  std::int64_t num_tokens = 0;
  TargetCounts num_targets;
};

/// The examples of one epoch, in the epoch's order. Immutable, and safe to use from several threads.
class Epoch {
 public:
  virtual ~Epoch() = default;
  virtual std::uint64_t size() const = 0;
  /// Examples first .. first + count - 1, all of them before size().
  /// \param first_number number in its update of the first one
  virtual std::unique_ptr<MicroBatch> make(std::uint64_t first, std::int64_t count,
                                           std::int64_t first_number) const = 0;
};

/// The result of a forward pass.
struct Loss {
  at::Tensor value;  ///< float32 scalar: this micro-batch's share of the update's loss
  at::Tensor sums;   ///< [num_sums()] float64, without gradient: see figures()
};

/// How a model did on examples that it was not trained on.
struct Evaluation {
  metrics::Figures figures;
  std::string metric;  ///< the figure by which models are compared; larger is better
  double value = 0;    ///< of it
};

/// The model as it is saved.
struct ModelParts {
  std::vector<std::pair<std::string, at::Tensor>> parameters;  ///< under the names of Hugging Face
  std::string config_json;
  const text::Tokenizer* tokenizer = nullptr;
  std::int64_t max_length = 512;
};

class Task {
 public:
  virtual ~Task() = default;

  /// One pass over the training examples. Called in the order of the epochs, from one thread at a time.
  virtual std::shared_ptr<const Epoch> epoch(std::uint64_t number) const = 0;

  /// Called before the forward passes of an update.
  /// \param step updates done before
  virtual void begin_update(std::int64_t step) = 0;
  /// The sum of each loss over the micro-batch, divided by the number of its targets in the whole update and added up:
  /// the values of an update's micro-batches add up to what one large batch would give.
  virtual Loss loss(const MicroBatch& micro_batch, const TargetCounts& update_targets) = 0;

  virtual std::size_t num_sums() const = 0;
  /// The figures of everything whose sums were added up: "loss" first, then whatever else the task reports.
  virtual metrics::Figures figures(std::span<const double> sums) const = 0;

  /// On the same held-out examples every time. Nothing if there are none.
  virtual std::optional<Evaluation> evaluate() = 0;

  virtual ModelParts model() const = 0;
  /// What must not have changed when a run is resumed: {"corpus": checksum, ...}.
  virtual std::map<std::string, std::string> fingerprints() const = 0;
};

}  // namespace albert::tasks
