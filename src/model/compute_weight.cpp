#include "model/compute_weight.h"

#include <ATen/ATen.h>

namespace albert::model {

ComputeWeight::ComputeWeight(const Compute& compute)
    : type_(compute.precision == Precision::kBFloat16 ? at::kBFloat16 : at::kFloat) {}

ComputeWeight::State ComputeWeight::state_of(const at::Tensor& matrix) {
  return {matrix._version(), matrix.const_data_ptr()};
}

ops::Weight ComputeWeight::compute_weight() const {
  const at::Tensor& parameter = matrix();
  if (type_ == at::kFloat) return {parameter, parameter.detach()};
  const std::scoped_lock lock(mutex_);
  const State now = state_of(parameter);
  if (!copy_.defined() || now != copied_) {
    copy_ = parameter.detach().to(type_);  // a new tensor: a graph may still hold the old one
    copied_ = now;
  }
  return {parameter, copy_};
}

}  // namespace albert::model
