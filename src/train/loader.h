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

/// The examples of one update.
struct UpdateBatch {
  std::vector<std::unique_ptr<MicroBatch>> micro_batches;
  TargetCounts num_targets;  ///< over the micro-batches
  std::int64_t num_sequences = 0;
  std::int64_t num_tokens = 0;
  DataPosition end;              ///< where the next update begins
  std::uint64_t epoch_size = 0;  ///< examples of end.epoch
};

struct LoaderOptions {
  std::int64_t batch_size = 1;  ///< examples of an update, unless the epochs cut their updates themselves
  std::int64_t micro_batch_size = 1;
  std::size_t num_threads = 1;  ///< 0: the batches are made when they are asked for, on the caller's thread
};

/// The updates' examples in order, made ahead by background threads. What comes out depends on the source, the sizes
/// and the start alone, not on the number of threads. Epochs follow one another without a gap: unless
/// the epochs cut their updates themselves, an update may take its examples from two of them; a micro-batch never
/// does.
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
