#pragma once

#include <ATen/core/Tensor.h>

#include "model/head_config.h"

/// The losses of heads whose targets are classes or labels. P targets or items, C classes.
namespace albert::model {

/// The sum of the targets' cross entropies.
/// \param scores [P, C]
/// \param labels [P] int64
at::Tensor class_loss_sum(const at::Tensor& scores, const at::Tensor& labels, const LossConfig& loss);

/// The sum of the binary cross entropies of all labels.
/// \param scores [P, C]
/// \param values [P, C] 1 where an item has the label, else 0
at::Tensor label_loss_sum(const at::Tensor& scores, const at::Tensor& values, const LossConfig& loss);

}  // namespace albert::model
