#include "model/heads/ragged.h"

#include <ATen/ATen.h>

#include "base/error.h"

namespace albert::model {

namespace {

void check_known(const at::Tensor& truth) {
  if (!truth.defined()) throw InternalError("a loss was asked for a batch that does not say what is right");
}

}  // namespace

std::vector<std::int64_t> lengths_of(const std::vector<std::int64_t>& offsets) {
  std::vector<std::int64_t> lengths;
  for (std::size_t i = 0; i + 1 < offsets.size(); ++i) lengths.push_back(offsets[i + 1] - offsets[i]);
  return lengths;
}

std::vector<std::int64_t> equal_offsets(std::int64_t count, std::int64_t size) {
  std::vector<std::int64_t> offsets;
  for (std::int64_t i = 0; i <= count; ++i) offsets.push_back(i * size);
  return offsets;
}

at::Tensor as_rows(const at::Tensor& scores, const std::vector<std::int64_t>& lengths) {
  return at::pad_sequence(scores.split_with_sizes(lengths), /*batch_first=*/true, kImpossible);  // [rows, longest]
}

at::Tensor sequence_of_each_token(const PackedBatch& batch) {
  const at::Tensor tokens = at::arange(batch.num_tokens(), batch.row_offsets.options());  // [T]
  return at::searchsorted(batch.row_offsets.slice(0, 1), tokens, /*out_int32=*/false, /*right=*/true);
}

const at::Tensor& labels_of(const ItemBatch& batch) {
  check_known(batch.labels);
  return batch.labels;
}

const at::Tensor& values_of(const ItemBatch& batch) {
  check_known(batch.values);
  return batch.values;
}

}  // namespace albert::model
