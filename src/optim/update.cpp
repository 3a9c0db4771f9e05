#include "optim/update.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

namespace albert::optim {

namespace {

bool is_fast(const at::Tensor& x) {
  return x.is_cpu() && x.scalar_type() == at::kFloat && x.is_contiguous();
}

}  // namespace

namespace plain {

void update(const UpdateTensors& tensors, const UpdateRule& rule) {
  const at::Tensor gradient = tensors.gradient * rule.gradient_scale;
  tensors.exp_avg.mul_(rule.beta1).add_(gradient, 1 - rule.beta1);
  tensors.exp_avg_sq.mul_(rule.beta2).addcmul_(gradient, gradient, 1 - rule.beta2);

  const at::Tensor root = (tensors.exp_avg_sq / rule.square_correction).sqrt_();
  at::Tensor change = (tensors.exp_avg / rule.mean_correction).div_(root.add_(rule.epsilon));
  if (rule.weight_decay != 0) change.add_(tensors.weight, rule.weight_decay);
  if (rule.clip_update > 0) {
    const at::Tensor squares = (tensors.exp_avg_sq / rule.square_correction)
                                   .clamp_min_(rule.epsilon * rule.epsilon)
                                   .reciprocal_()
                                   .mul_(gradient.square());
    change.div_((squares.mean().sqrt_() / rule.clip_update).clamp_min_(1));
  }
  if (rule.adapted) {
    const at::Tensor weight_norm = tensors.weight.norm();
    const at::Tensor change_norm = change.norm();
    const at::Tensor ratio = at::where((weight_norm > 0).logical_and(change_norm > 0), weight_norm / change_norm,
                                       at::ones_like(weight_norm));
    change.mul_(ratio);
  }
  tensors.weight.sub_(change, rule.learning_rate);
}

at::Tensor sum_of_squares(const at::Tensor& x) {
  return x.norm(2, at::kDouble).square();
}

}  // namespace plain

void update(const UpdateTensors& tensors, const UpdateRule& rule) {
  const at::NoGradGuard no_grad;
  const bool fast =
      is_fast(tensors.weight) && is_fast(tensors.gradient) && is_fast(tensors.exp_avg) && is_fast(tensors.exp_avg_sq);
  if (!fast) return plain::update(tensors, rule);
  fast::update(tensors, rule);
  // Written behind autograd's back: tell it, so that a graph which still needs the old weight complains.
  tensors.weight.unsafeGetTensorImpl()->bump_version();
}

double sum_of_squares(const std::vector<at::Tensor>& tensors) {
  const at::NoGradGuard no_grad;
  double sum = 0;
  std::vector<at::Tensor> pending;  // on a device that is still computing them
  for (const at::Tensor& tensor : tensors) {
    if (is_fast(tensor)) {
      sum += fast::sum_of_squares(tensor);
    } else {
      pending.push_back(plain::sum_of_squares(tensor));
    }
  }
  return pending.empty() ? sum : sum + at::stack(pending).sum().item<double>();
}

}  // namespace albert::optim
