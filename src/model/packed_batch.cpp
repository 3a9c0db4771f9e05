#include "model/packed_batch.h"

namespace albert::model {

namespace {

at::Tensor moved(const at::Tensor& tensor, at::Device device) {
  return tensor.defined() ? tensor.to(device) : tensor;
}

}  // namespace

PackedBatch PackedBatch::to(at::Device device) const {
  PackedBatch batch = *this;
  for (at::Tensor* tensor : {&batch.token_ids, &batch.segment_ids, &batch.positions, &batch.row_numbers}) {
    *tensor = moved(*tensor, device);
  }
  return batch;
}

RowSelection RowSelection::to(at::Device device) const {
  return {moved(rows, device), offsets, moved(row_numbers, device)};
}

PretrainingBatch PretrainingBatch::to(at::Device device) const {
  return {sequences.to(device), moved(labels, device), moved(order_labels, device), read.to(device),
          moved(masked_in_read, device)};
}

}  // namespace albert::model
