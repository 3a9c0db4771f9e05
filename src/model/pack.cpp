#include "model/pack.h"

#include <algorithm>

#include <ATen/ATen.h>

#include "base/error.h"
#include "ops/to_device.h"

namespace albert::model {

namespace {

template <typename Value = std::int64_t>
at::Tensor to_tensor(std::span<const std::int64_t> values) {
  at::Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())}, c10::CppTypeToScalarType<Value>::value);
  std::ranges::transform(values, tensor.mutable_data_ptr<Value>(),
                         [](std::int64_t value) { return static_cast<Value>(value); });
  return tensor;
}

void check_sequence(const SequenceView& sequence, std::size_t index) {
  const std::size_t length = sequence.token_ids.size();
  if (length == 0) throw InternalError("sequence {} of the batch is empty", index);
  if (!sequence.segment_ids.empty() && sequence.segment_ids.size() != length) {
    throw InternalError("sequence {} of the batch has {} tokens, but {} segment ids", index, length,
                        sequence.segment_ids.size());
  }
  const auto is_negative = [](std::int32_t id) { return id < 0; };
  if (std::ranges::any_of(sequence.token_ids, is_negative) || std::ranges::any_of(sequence.segment_ids, is_negative)) {
    throw InternalError("sequence {} of the batch has a negative id", index);
  }
}

void check_example(const PretrainingView& example, std::size_t index) {
  const auto& positions = example.masked_positions;
  if (positions.size() != example.labels.size()) {
    throw InternalError("example {} of the batch has {} masked positions, but {} labels", index, positions.size(),
                        example.labels.size());
  }
  const bool ascending = std::ranges::adjacent_find(positions, std::greater_equal<>()) == positions.end();
  const auto length = static_cast<std::int64_t>(example.sequence.token_ids.size());
  if (!ascending || (!positions.empty() && (positions.front() < 0 || positions.back() >= length))) {
    throw InternalError("example {} of the batch: expected ascending masked positions below its length {}", index,
                        length);
  }
}

}  // namespace

PackedBatch pack(std::span<const SequenceView> sequences, std::int64_t first_number) {
  PackedBatch batch;
  std::vector<std::int64_t> tokens, segments, positions, numbers;
  batch.offsets.push_back(0);
  for (std::size_t b = 0; b < sequences.size(); ++b) {
    const SequenceView& sequence = sequences[b];
    check_sequence(sequence, b);
    const auto length = static_cast<std::int64_t>(sequence.token_ids.size());
    batch.sequence_numbers.push_back(first_number + static_cast<std::int64_t>(b));
    tokens.insert(tokens.end(), sequence.token_ids.begin(), sequence.token_ids.end());
    segments.insert(segments.end(), sequence.segment_ids.begin(), sequence.segment_ids.end());
    segments.resize(tokens.size(), 0);
    for (std::int64_t position = 0; position < length; ++position) {
      positions.push_back(position);
      numbers.push_back(dropout_row(batch.sequence_numbers.back(), position));
    }
    batch.offsets.push_back(batch.offsets.back() + length);
    batch.max_length = std::max(batch.max_length, length);
  }
  if (tokens.empty()) throw InternalError("a batch needs at least one sequence");
  batch.max_token_id = *std::ranges::max_element(tokens);
  batch.max_segment_id = *std::ranges::max_element(segments);
  batch.token_ids = to_tensor(tokens);                         // [T]
  batch.segment_ids = to_tensor(segments);                     // [T]
  batch.positions = to_tensor(positions);                      // [T]
  batch.row_numbers = to_tensor(numbers);                      // [T]
  batch.row_offsets = to_tensor<std::int32_t>(batch.offsets);  // [B + 1]
  return batch;
}

RowSelection select_rows(const PackedBatch& batch, std::span<const std::int64_t> rows) {
  RowSelection selection;
  for (const std::int64_t offset : batch.offsets) {
    selection.offsets.push_back(std::ranges::lower_bound(rows, offset) - rows.begin());
  }
  const at::Device device = batch.row_numbers.device();
  selection.row_offsets = ops::to_device(to_tensor<std::int32_t>(selection.offsets), device);  // [B + 1]
  selection.rows = ops::to_device(to_tensor(rows), device);                                    // [R]
  selection.row_numbers = batch.row_numbers.index_select(0, selection.rows);                   // [R]
  return selection;
}

RowSelection select_first_rows(const PackedBatch& batch) {
  return select_rows(batch, std::span(batch.offsets).first(batch.offsets.size() - 1));
}

PretrainingBatch pack_pretraining(std::span<const PretrainingView> examples, std::int64_t first_number) {
  std::vector<SequenceView> sequences;
  for (const PretrainingView& example : examples) sequences.push_back(example.sequence);
  PretrainingBatch batch;
  batch.sequences = pack(sequences, first_number);

  std::vector<std::int64_t> labels, orders, read, masked_in_read;
  for (std::size_t b = 0; b < examples.size(); ++b) {
    const PretrainingView& example = examples[b];
    check_example(example, b);
    const std::int64_t begin = batch.sequences.offsets[b];
    read.push_back(begin);
    for (const std::int32_t position : example.masked_positions) {
      if (position > 0) read.push_back(begin + position);
      masked_in_read.push_back(static_cast<std::int64_t>(read.size()) - 1);
    }
    labels.insert(labels.end(), example.labels.begin(), example.labels.end());
    if (example.order_label >= 0) orders.push_back(example.order_label);
  }
  if (!orders.empty() && orders.size() != examples.size()) {
    throw InternalError("{} of the batch's {} examples have an order label: expected all or none", orders.size(),
                        examples.size());
  }
  batch.labels = to_tensor(labels);                             // [P]
  if (!orders.empty()) batch.order_labels = to_tensor(orders);  // [B]
  batch.read = select_rows(batch.sequences, read);
  batch.masked_in_read = to_tensor(masked_in_read);  // [P]
  return batch;
}

}  // namespace albert::model
