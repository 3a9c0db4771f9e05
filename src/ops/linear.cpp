#include "ops/linear.h"

#include <torch/csrc/autograd/custom_function.h>

#include "ops/fast.h"

namespace albert::ops {

namespace {

/// In place. LibTorch's own sum of bfloat16 and float32 goes through two float32 copies on the CPU.
void add_bias(const at::Tensor& product, const at::Tensor& bias) {
  if (fast::takes(product)) {
    fast::add_bias(product, bias);
  } else {
    product.add_(bias);
  }
}

at::Tensor sum_of_rows(const at::Tensor& x) {
  return fast::takes(x) ? fast::sum_of_rows(x) : x.sum(0, false, at::kFloat);
}

/// The compute copy works in both directions; the gradient goes to the master in float32, so that autograd's sum over
/// the layers that share a weight is taken in float32.
struct LinearFunction : torch::autograd::Function<LinearFunction> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x,
                            const at::Tensor& /*master*/, const at::Tensor& weight,
                            const std::optional<at::Tensor>& bias) {
    context->saved_data["bias"] = bias.has_value();
    context->save_for_backward({x, weight});
    const at::Tensor product = linear_product(x, weight);
    if (bias) add_bias(product, *bias);
    return product;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor grad = gradients[0].contiguous();
    at::Tensor grad_x, grad_weight, grad_bias;
    if (context->needs_input_grad(0)) grad_x = linear_backward_input(grad, saved[1]);
    if (context->needs_input_grad(1)) grad_weight = linear_backward_weight(grad, saved[0]);
    if (context->saved_data["bias"].toBool() && context->needs_input_grad(3)) grad_bias = sum_of_rows(grad);
    return {grad_x, grad_weight, at::Tensor(), grad_bias};
  }
};

}  // namespace

at::Tensor linear_product(const at::Tensor& x, const at::Tensor& weight) {
  return at::mm(x, weight.t());
}

at::Tensor linear_backward_input(const at::Tensor& grad, const at::Tensor& weight) {
  return at::mm(grad, weight);
}

at::Tensor linear_backward_weight(const at::Tensor& grad, const at::Tensor& x) {
  return at::mm(grad.t(), x).to(at::kFloat);
}

at::Tensor linear(const at::Tensor& x, const Weight& weight, const at::Tensor& bias) {
  return LinearFunction::apply(x, weight.master, weight.compute, bias.defined() ? std::optional(bias) : std::nullopt);
}

}  // namespace albert::ops
