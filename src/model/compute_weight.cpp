#include "model/compute_weight.h"

#include <torch/nn/module.h>

#include "base/error.h"

namespace albert::model {

at::ScalarType scalar_type(Precision precision) {
  return precision == Precision::kBFloat16 ? at::kBFloat16 : at::kFloat;
}

void ComputeWeight::refresh(Precision precision) {
  const at::Tensor parameter = matrix().detach();  // [out, in]
  if (precision == Precision::kFloat32) {
    copy_.reset();
    return;
  }
  copy_ = parameter.to(scalar_type(precision));  // [out, in]
  version_ = static_cast<std::uint32_t>(matrix()._version());
}

ops::Weight ComputeWeight::compute_weight() const {
  const at::Tensor& parameter = matrix();
  if (!copy_.defined()) return {parameter, parameter.detach()};
  if (parameter._version() != version_ || parameter.device() != copy_.device()) {
    throw InternalError(
        "a weight of shape {}x{} was changed after its copy in the compute type was made; call "
        "refresh_compute_weights() after every "
        "update",
        parameter.size(0), parameter.size(1));
  }
  return {parameter, copy_};
}

void refresh_compute_weights(torch::nn::Module& model, Precision precision) {
  const auto refresh = [precision](torch::nn::Module& module) {
    if (auto* weight = dynamic_cast<ComputeWeight*>(&module)) weight->refresh(precision);
  };
  refresh(model);
  for (const auto& module : model.modules(/*include_self=*/false)) refresh(*module);
}

}  // namespace albert::model
