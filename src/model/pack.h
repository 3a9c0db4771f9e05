#pragma once

#include <cstdint>
#include <span>

#include "model/packed_batch.h"

namespace albert::model {

/// One sequence as plain arrays.
struct SequenceView {
  std::span<const std::int32_t> token_ids;    ///< [L], L > 0
  std::span<const std::int32_t> segment_ids;  ///< [L], or empty: all 0
};

/// One pretraining example as plain arrays.
struct PretrainingView {
  SequenceView sequence;
  std::span<const std::int32_t> masked_positions;  ///< [P] ascending, below L
  std::span<const std::int32_t> labels;            ///< [P] the original ids there
  std::int32_t order_label = -1;                   ///< 0 in order, 1 swapped, -1 no such objective
};

/// Lays the sequences end to end.
/// \param first_number number of the first one in its update; the others follow
/// Throws InternalError for a view whose arrays do not fit each other, here and below.
PackedBatch pack(std::span<const SequenceView> sequences, std::int64_t first_number = 0);

/// The same for pretraining. The examples must agree on whether there is an order label.
PretrainingBatch pack_pretraining(std::span<const PretrainingView> examples, std::int64_t first_number = 0);

/// The first row of each sequence ([CLS]): what a classifier of whole sequences reads.
RowSelection select_first_rows(const PackedBatch& batch);

/// \param rows [R] indices into the T rows, ascending
RowSelection select_rows(const PackedBatch& batch, std::span<const std::int64_t> rows);

}  // namespace albert::model
