#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

#include "model/packed_batch.h"
#include "ops/ops.h"

namespace albert::model {

/// The places where a model drops elements. The values are part of what dropout is keyed by: do not renumber.
enum class DropoutSite : std::uint64_t {
  kEmbeddings = 0,
  kAttentionProbabilities = 1,
  kAttentionOutput = 2,
  kFfnOutput = 3,
  kClassifier = 4,
};

/// How one forward pass is to be done. Dropout is a pure function of (seed, step, layer, site) and of the row's number,
/// so the micro-batches of an update, a recomputed layer and a resumed run all drop the same elements.
struct Pass {
  bool training = false;   ///< false: nothing is dropped
  std::uint64_t seed = 0;  ///< the run's seed
  std::uint64_t step = 0;  ///< number of the update
  /// Keep only each layer's input, and compute the layer again in the backward pass: less memory, a third more work,
  /// the same numbers.
  bool recompute = false;
  /// How often the shared layer is applied, for a model that grows in depth; 0: as often as its configuration says.
  std::int64_t num_layers = 0;
  /// [T, E] float32, in the place of what the embeddings would give: for those who ask how scores depend on it.
  /// Undefined: the embeddings are computed.
  at::Tensor embedded = {};

  /// \param layer number of the layer's application, 0 for what is not in a layer
  /// \param row_numbers [rows] int64
  ops::Dropout dropout(double probability, std::int64_t layer, DropoutSite site, const at::Tensor& row_numbers) const;
  /// The same for rows that stand for whole sequences, one for each of the batch.
  ops::Dropout dropout_of_sequences(double probability, DropoutSite site, const PackedBatch& batch) const;
};

}  // namespace albert::model
