#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace albert::model {

/// The only tensor form of a batch: B sequences laid end to end, T tokens in all, no padding anywhere.
struct PackedBatch {
  at::Tensor token_ids;    ///< [T] int64
  at::Tensor segment_ids;  ///< [T] int64
  at::Tensor positions;    ///< [T] int64, from 0 in each sequence
  /// [B + 1] where each sequence begins, and T at the end; a plain array, because shapes are decided on the host.
  std::vector<std::int64_t> offsets;
  /// Number of each sequence in its update, [B]: what dropout is keyed by, so that splitting a batch in other ways drops the same elements.
  std::vector<std::int64_t> sequence_numbers;

  std::int64_t num_sequences() const { return static_cast<std::int64_t>(offsets.size()) - 1; }
  std::int64_t num_tokens() const { return offsets.back(); }
};

/// A pretraining batch: the sequences and what the two heads are asked about them.
struct PretrainingBatch {
  PackedBatch sequences;
  at::Tensor masked_rows;   ///< [P] int64, indices into the T rows
  at::Tensor labels;        ///< [P] int64, the original ids at those rows
  at::Tensor order_labels;  ///< [B] int64, 0 in order, 1 swapped; undefined without that objective
};

}  // namespace albert::model
