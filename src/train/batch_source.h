#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

/// What the loader knows of a task: it needs no LibTorch, so that it runs under the thread sanitizer.
namespace albert::train {

/// How many targets each of a task's losses has, as {masked words, sentence orders}, or the sum of their weights: what
/// the sums of the losses are divided by.
using TargetCounts = std::vector<double>;

/// Sequences that go through the model together. Only the task that made it knows what is inside.
struct MicroBatch {
  virtual ~MicroBatch() = default;

  std::int64_t num_sequences = 0;
  std::int64_t num_tokens = 0;
  TargetCounts num_targets;
};

/// The examples of one epoch, in the epoch's order. Immutable, and safe to use from several threads.
class BatchEpoch {
 public:
  virtual ~BatchEpoch() = default;
  virtual std::uint64_t size() const = 0;
  /// How many examples the update that begins at `first` takes, if the epoch cuts its updates itself (by a budget of
  /// tokens, or so that examples of like length come together); 0: the trainer's batch size decides.
  virtual std::int64_t update_size(std::uint64_t /*first*/) const { return 0; }
  /// Tokens of an example: by them the ranks of a training share an update.
  virtual std::int64_t num_tokens(std::uint64_t /*index*/) const { return 1; }
  /// Examples first .. first + count - 1, all of them before size().
  /// \param first_number number in its update of the first one
  /// \param step updates done before theirs
  virtual std::unique_ptr<MicroBatch> make(std::uint64_t first, std::int64_t count, std::int64_t first_number,
                                           std::int64_t step) const = 0;
};

/// How many examples an update has, and how many go through the model together.
struct UpdateSize {
  std::int64_t batch = 1;
  std::int64_t micro_batch = 1;
};

/// Where the training examples of a task come from.
class BatchSource {
 public:
  virtual ~BatchSource() = default;
  /// One pass over the training examples. Called in the order of the epochs, from one thread at a time.
  /// \param step updates done before the first one that takes examples of it
  virtual std::shared_ptr<const BatchEpoch> epoch(std::uint64_t number, std::int64_t step) const = 0;
  /// Whether the examples of an update are made in another way than those of the one before: then it begins an epoch.
  virtual bool changes_examples(std::int64_t /*step*/) const { return false; }
  /// How large an update is, where that changes over the run; nothing: as the loader's options say.
  virtual std::optional<UpdateSize> size_of_update(std::int64_t /*step*/) const { return std::nullopt; }
};

}  // namespace albert::train
