#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace albert::model {

/// The only tensor form of a batch: B sequences laid end to end, T tokens in all, no padding anywhere. Made by pack().
struct PackedBatch {
  at::Tensor token_ids;    ///< [T] int64
  at::Tensor segment_ids;  ///< [T] int64
  at::Tensor positions;    ///< [T] int64, from 0 in each sequence
  /// [B + 1] where each sequence begins, and T at the end; a plain array, because shapes are decided on the host.
  std::vector<std::int64_t> offsets;
  at::Tensor row_offsets;  ///< [B + 1] int32, the same on the batch's device
  /// [B] number of each sequence in its update: what dropout is keyed by, so that splitting a batch in other ways drops
  /// the same elements.
  std::vector<std::int64_t> sequence_numbers;
  at::Tensor row_numbers;  ///< [T] int64, dropout_row(sequence number, position)

  // Known to the host, so that a batch is checked against a model without waiting for a device.
  std::int64_t max_token_id = 0;
  std::int64_t max_segment_id = 0;
  std::int64_t max_length = 0;

  std::int64_t num_sequences() const { return static_cast<std::int64_t>(offsets.size()) - 1; }
  std::int64_t num_tokens() const { return offsets.back(); }
  /// Where each sequence begins: [B] int32 on the batch's device.
  at::Tensor first_rows() const { return row_offsets.slice(0, 0, num_sequences()); }
  /// On another device; see ops::to_device().
  PackedBatch to(at::Device device) const;
};

/// The number that keys what dropout does to one row, whatever the row's place in a batch.
inline std::int64_t dropout_row(std::int64_t sequence_number, std::int64_t position) {
  return (sequence_number << 20) + position;
}

/// Those rows of a packed batch that a head reads, ascending: the last layer computes no others. A sequence may have
/// none.
struct RowSelection {
  at::Tensor rows;                    ///< [R] int64, indices into the T rows
  std::vector<std::int64_t> offsets;  ///< [B + 1] where each sequence's rows begin in `rows`, and R at the end
  at::Tensor row_offsets;             ///< [B + 1] int32, the same on the device of the rows
  at::Tensor row_numbers;             ///< [R] int64, as in the batch

  /// Which of the rows is the first of each sequence, if every sequence has one: [B] int32 on the device of the rows.
  at::Tensor first_rows() const { return row_offsets.slice(0, 0, row_offsets.size(0) - 1); }
  RowSelection to(at::Device device) const;
};

/// A pretraining batch: the sequences and what the two heads are asked about them. Made by pack_pretraining().
struct PretrainingBatch {
  PackedBatch sequences;
  at::Tensor labels;          ///< [P] int64, the original ids at the masked rows
  at::Tensor order_labels;    ///< [B] int64, 0 in order, 1 swapped; undefined without that objective
  RowSelection read;          ///< the rows that the heads read: each [CLS] and the masked ones
  at::Tensor masked_in_read;  ///< [P] int64, indices of the masked rows into the R selected ones

  std::int64_t num_targets() const { return labels.numel(); }
  PretrainingBatch to(at::Device device) const;
};

}  // namespace albert::model
