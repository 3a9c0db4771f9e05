#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "train/batch_source.h"

namespace albert::train {

/// A place in the stream of training examples.
struct DataPosition {
  std::uint64_t epoch = 0;
  std::uint64_t index = 0;  ///< examples of the epoch already used; may be the size of the epoch

  bool operator==(const DataPosition&) const = default;
};

/// The examples of one update, or this rank's share of them.
struct UpdateBatch {
  std::vector<std::unique_ptr<MicroBatch>> micro_batches;  ///< none if the update has fewer examples than ranks
  TargetCounts num_targets;                                ///< over the micro-batches
  std::int64_t num_sequences = 0;                          ///< of the whole update
  std::int64_t num_tokens = 0;                             ///< over the micro-batches
  DataPosition end;                                        ///< where the next update begins
  std::uint64_t epoch_size = 0;                            ///< examples of end.epoch
};

struct LoaderOptions {
  std::int64_t batch_size = 1;  ///< examples of an update, unless the source says so, or an epoch cuts its updates
  std::int64_t micro_batch_size = 1;
  std::int64_t first_step = 0;  ///< updates that were done before the first one
  std::size_t num_threads = 1;  ///< 0: the batches are made when they are asked for, on the caller's thread
  std::int64_t rank = 0;        ///< whose share of every update this is,
  std::int64_t num_ranks = 1;   ///< of how many
};

/// The updates' examples in order, made ahead by background threads. What comes out depends on the source, the sizes
/// and the start alone, not on the number of threads. Epochs follow one another without a gap: unless
/// the epochs cut their updates themselves, an update may take its examples from two of them; a micro-batch never
/// does.
///
/// Several ranks share every update: each takes a stretch of its examples, and the borders lie where the tokens of the
/// stretches differ least. So all of them together have the examples that one rank would have, with the same numbers.
class Loader {
 public:
  /// \param source outlives the loader
  Loader(const BatchSource& source, const LoaderOptions& options, DataPosition start);
  ~Loader();

  UpdateBatch next();
  /// How long next() has waited for the background threads, since the loader was made.
  double waited_s() const { return waited_s_; }

 private:
  class Stream;
  std::unique_ptr<Stream> stream_;
  double waited_s_ = 0;
};

}  // namespace albert::train
