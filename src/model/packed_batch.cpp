#include "model/packed_batch.h"

#include "ops/to_device.h"

namespace albert::model {

using ops::to_device;

PackedBatch PackedBatch::to(at::Device device) const {
  PackedBatch batch = *this;
  for (at::Tensor* tensor :
       {&batch.token_ids, &batch.segment_ids, &batch.positions, &batch.row_offsets, &batch.row_numbers}) {
    *tensor = to_device(*tensor, device);
  }
  return batch;
}

RowSelection RowSelection::to(at::Device device) const {
  return {to_device(rows, device), offsets, to_device(row_offsets, device), to_device(row_numbers, device)};
}

PretrainingBatch PretrainingBatch::to(at::Device device) const {
  return {sequences.to(device), to_device(labels, device), to_device(order_labels, device), read.to(device),
          to_device(masked_in_read, device)};
}

}  // namespace albert::model
