#include "optim/update.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

namespace albert::optim {

namespace {

bool is_fast(const at::Tensor& x) {
  return x.is_cpu() && x.scalar_type() == at::kFloat && x.is_contiguous();
}

bool are_fast(const UpdateTensors& tensors) {
  return is_fast(tensors.weight) && is_fast(tensors.gradient) && is_fast(tensors.exp_avg) &&
         is_fast(tensors.exp_avg_sq);
}

std::vector<at::Tensor> list_of(const std::vector<UpdateTensors>& parameters, at::Tensor UpdateTensors::*member) {
  std::vector<at::Tensor> list;
  for (const UpdateTensors& parameter : parameters) list.push_back(parameter.*member);
  return list;
}

/// max(1, rms / c) of one parameter, see UpdateRule::clip_update: [].
at::Tensor surprise(const at::Tensor& exp_avg_sq, const at::Tensor& gradient, const UpdateRule& rule) {
  const at::Tensor least = (exp_avg_sq / rule.square_correction()).clamp_min_(rule.epsilon * rule.epsilon);
  return ((gradient.square() / least).mean().sqrt_() / rule.clip_update).clamp_min_(1);
}

/// |w| / |u| of each parameter, 1 where either is 0.
std::vector<at::Tensor> ratios(const std::vector<at::Tensor>& weights, const std::vector<at::Tensor>& changes) {
  const at::Tensor of_weights = at::stack(at::_foreach_norm(weights));  // [parameters]
  const at::Tensor of_changes = at::stack(at::_foreach_norm(changes));  // [parameters]
  return at::where((of_weights > 0).logical_and(of_changes > 0), of_weights / of_changes, at::ones_like(of_weights))
      .unbind();
}

}  // namespace

namespace plain {

void update(const std::vector<UpdateTensors>& parameters, const UpdateRule& rule) {
  const std::vector<at::Tensor> weights = list_of(parameters, &UpdateTensors::weight);
  const std::vector<at::Tensor> means = list_of(parameters, &UpdateTensors::exp_avg);
  const std::vector<at::Tensor> squares = list_of(parameters, &UpdateTensors::exp_avg_sq);
  const auto gradients = at::_foreach_mul(list_of(parameters, &UpdateTensors::gradient), rule.gradient_scale);
  at::_foreach_mul_(means, rule.beta1);
  at::_foreach_add_(means, gradients, 1 - rule.beta1);
  at::_foreach_mul_(squares, rule.beta2);
  at::_foreach_addcmul_(squares, gradients, gradients, 1 - rule.beta2);

  const auto roots = at::_foreach_div(squares, rule.square_correction());
  at::_foreach_sqrt_(roots);
  at::_foreach_add_(roots, rule.epsilon);
  const auto changes = at::_foreach_div(means, rule.mean_correction());
  at::_foreach_div_(changes, roots);
  if (rule.weight_decay != 0) at::_foreach_add_(changes, weights, rule.weight_decay);
  if (rule.clip_update > 0) {
    for (std::size_t i = 0; i < changes.size(); ++i) changes[i].div_(surprise(squares[i], gradients[i], rule));
  }
  if (rule.adapted) at::_foreach_mul_(changes, ratios(weights, changes));
  at::_foreach_add_(weights, changes, -rule.learning_rate);
}

void update_by_adamw(const std::vector<UpdateTensors>& parameters, const UpdateRule& rule) {
  const at::Tensor& some = parameters.front().weight;
  const auto number = [&](double value) { return at::full({}, value, some.options().requires_grad(false)); };
  // It divides the gradients by a scale, as those of mixed precision have one.
  const auto scale = rule.gradient_scale == 1 ? std::nullopt : std::optional(number(1 / rule.gradient_scale));
  at::_fused_adamw_(list_of(parameters, &UpdateTensors::weight), list_of(parameters, &UpdateTensors::gradient),
                    list_of(parameters, &UpdateTensors::exp_avg), list_of(parameters, &UpdateTensors::exp_avg_sq),
                    /*max_exp_avg_sqs=*/{}, std::vector<at::Tensor>(parameters.size(), number(rule.step)),
                    rule.learning_rate, rule.beta1, rule.beta2, rule.weight_decay, rule.epsilon, /*amsgrad=*/false,
                    /*maximize=*/false, scale);
}

at::Tensor sum_of_squares(const std::vector<at::Tensor>& tensors) {
  return at::stack(at::_foreach_norm(tensors, 2, at::kDouble)).square().sum();
}

}  // namespace plain

void update(const std::vector<UpdateTensors>& parameters, const UpdateRule& rule) {
  const at::NoGradGuard no_grad;
  std::vector<UpdateTensors> others;
  for (const UpdateTensors& tensors : parameters) {
    if (are_fast(tensors)) {
      fast::update(tensors, rule);
    } else {
      others.push_back(tensors);
    }
  }
  if (!others.empty()) {
    const bool is_adamw = !rule.adapted && rule.clip_update == 0 && others.front().weight.is_cuda();
    (is_adamw ? plain::update_by_adamw : plain::update)(others, rule);
  }
  // The fast form and LibTorch's fused one write behind autograd's back. The version tells of it: a graph that still needs the old weight
  // complains, and copies of the weight are made anew.
  for (const UpdateTensors& tensors : parameters) tensors.weight.unsafeGetTensorImpl()->bump_version();
}

at::Tensor sum_of_squares(const std::vector<at::Tensor>& tensors) {
  const at::NoGradGuard no_grad;
  double sum = 0;
  std::vector<at::Tensor> others;  // a GPU's, which it may still be computing
  for (const at::Tensor& tensor : tensors) {
    if (is_fast(tensor)) {
      sum += fast::sum_of_squares(tensor);
    } else {
      others.push_back(tensor);
    }
  }
  return others.empty() ? at::full({}, sum, at::kDouble) : plain::sum_of_squares(others).add_(sum);
}

}  // namespace albert::optim
