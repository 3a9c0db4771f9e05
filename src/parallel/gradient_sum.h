#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <ATen/core/Tensor.h>

#include "optim/named_tensor.h"
#include "parallel/gradient_type.h"
#include "parallel/group.h"

namespace albert::parallel {

/// Adds up the gradients of a model over the ranks: all of them in one flat buffer, once an update. A model whose
/// layers share their weights has no gradient that is complete before the backward pass ends, and few bytes.
///
/// A parameter that has a gradient on some rank has one on all of them afterwards, and one that has none anywhere has
/// none: the optimizer leaves it alone, as in one process.
class GradientSum {
 public:
  /// \param parameters of the same names and shapes on every rank; float32
  GradientSum(optim::NamedTensors parameters, Group& group, GradientType type);

  /// Replaces each gradient by its sum over the ranks. Nothing happens in a group of one.
  void run();

 private:
  optim::NamedTensors parameters_;
  Group& group_;
  GradientType type_;
  at::Tensor flat_;                    ///< [all parameters' elements, then one flag each], float32
  std::vector<std::int64_t> offsets_;  ///< [N + 1] of the parameters in it
};

}  // namespace albert::parallel
