#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

#include "model/precision.h"
#include "ops/ops.h"

namespace torch::nn {
class Module;
}

namespace albert::model {

/// The compute type of a precision.
at::ScalarType scalar_type(Precision precision);

/// A module that holds a matrix, and with it the copy in the compute type that matrix products read.
class ComputeWeight {
 public:
  virtual ~ComputeWeight() = default;
  ComputeWeight(const ComputeWeight&) = delete;
  ComputeWeight& operator=(const ComputeWeight&) = delete;

  /// Makes the copy anew. In float32 there is none: the parameter itself is read.
  void refresh(Precision precision);
  /// Throws InternalError if the parameter was changed since the copy was made.
  ops::Weight compute_weight() const;

 protected:
  ComputeWeight() = default;

 private:
  virtual const at::Tensor& matrix() const = 0;

  at::Tensor copy_;  ///< undefined in float32
  std::uint32_t version_ = 0;
};

/// Casts every weight matrix of the model to the compute type. Call before the first forward pass and after every
/// change of the parameters, that is, once per update: micro-batches share the copies. Without any call the model
/// computes in float32.
void refresh_compute_weights(torch::nn::Module& model, Precision precision);

}  // namespace albert::model
