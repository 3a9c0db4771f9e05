#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

#include "model/item_batch.h"

/// Numbers of which every sequence, or item, has another count: end to end in one vector, as the heads compute them.
namespace albert::model {

/// A score that no softmax gives any weight: what google-research/albert squad_utils.py:1466 puts where no answer can
/// be.
inline constexpr double kImpossible = -1e30;

/// Differences of neighbouring offsets.
std::vector<std::int64_t> lengths_of(const std::vector<std::int64_t>& offsets);

/// Offsets of `count` things of the same size: [count + 1].
std::vector<std::int64_t> equal_offsets(std::int64_t count, std::int64_t size);

/// \param scores [sum of lengths], end to end
/// \return [number of lengths, longest], filled up with kImpossible
at::Tensor as_rows(const at::Tensor& scores, const std::vector<std::int64_t>& lengths);

/// For every token of the batch the index of its sequence: [T] int64 on the batch's device.
at::Tensor sequence_of_each_token(const PackedBatch& batch);

/// What is right, for a loss.
/// Throws InternalError if the batch does not say it.
const at::Tensor& labels_of(const ItemBatch& batch);
const at::Tensor& values_of(const ItemBatch& batch);

}  // namespace albert::model
