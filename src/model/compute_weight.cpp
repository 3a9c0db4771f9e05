#include "model/compute_weight.h"

#include <ATen/ATen.h>

namespace albert::model {

ComputeWeight::ComputeWeight(const Compute& compute) : type_(compute.activation_type()) {}

ops::Weight ComputeWeight::compute_weight() const {
  const at::Tensor& parameter = matrix();
  if (type_ == at::kFloat) return {parameter, parameter.detach()};
  return {parameter, copy_.get(parameter, [&] { return parameter.detach().to(type_); })};
}

}  // namespace albert::model
