#include "model/compute_weight.h"

#include <ATen/ATen.h>

#include "ops/panel_linear.h"

namespace albert::model {

ComputeWeight::ComputeWeight(const Compute& compute) : type_(compute.activation_type()) {}

ops::Weight ComputeWeight::compute_weight() const {
  const at::Tensor& parameter = matrix();
  if (type_ == at::kFloat) return {parameter, parameter.detach()};
  const Copy copy = copy_.get(parameter, [&] {
    const at::Tensor elements = parameter.detach().to(type_);
    return Copy{elements, ops::make_training_panels(elements)};
  });
  return {parameter, copy.elements, copy.panels};
}

}  // namespace albert::model
