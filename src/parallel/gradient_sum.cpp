#include "parallel/gradient_sum.h"

#include <utility>

#include <ATen/ATen.h>

namespace albert::parallel {

GradientSum::GradientSum(optim::NamedTensors parameters, Group& group, GradientType type)
    : parameters_(std::move(parameters)), group_(group), type_(type), offsets_{0} {
  for (const auto& [name, tensor] : parameters_) offsets_.push_back(offsets_.back() + tensor.numel());
}

void GradientSum::run() {
  if (group_.is_alone()) return;
  const at::NoGradGuard no_gradients;
  const auto num_parameters = static_cast<std::int64_t>(parameters_.size());
  if (!flat_.defined()) {
    const c10::Device device = parameters_.front().tensor.device();
    flat_ = at::empty({offsets_.back() + num_parameters}, at::TensorOptions(device).dtype(at::kFloat));
  }
  at::Tensor has_gradient = at::zeros({num_parameters}, at::kFloat);
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const at::Tensor& gradient = parameters_[i].tensor.grad();
    at::Tensor place = flat_.slice(0, offsets_[i], offsets_[i + 1]);
    if (gradient.defined()) {
      place.copy_(gradient.flatten());
      has_gradient[static_cast<std::int64_t>(i)] = 1;
    } else {
      place.zero_();
    }
  }
  flat_.slice(0, offsets_.back()).copy_(has_gradient);
  if (type_ == GradientType::kBFloat16) {
    at::Tensor rounded = flat_.to(at::kBFloat16);
    group_.sum(rounded);
    flat_.copy_(rounded);
  } else {
    group_.sum(flat_);
  }
  has_gradient = flat_.slice(0, offsets_.back()).to(at::kCPU);
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const at::Tensor& parameter = parameters_[i].tensor;
    if (has_gradient[static_cast<std::int64_t>(i)].item<float>() == 0) continue;
    parameter.mutable_grad() = flat_.slice(0, offsets_[i], offsets_[i + 1]).view(parameter.sizes());
  }
}

}  // namespace albert::parallel
