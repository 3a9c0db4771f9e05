#include "ops/linear.h"

#include <torch/csrc/autograd/custom_function.h>

#include "ops/fast.h"
#include "ops/panel_linear.h"

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

/// The compute copy works in both directions; the gradient goes to the master in float32.
struct LinearFunction : torch::autograd::Function<LinearFunction> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x,
                            const at::Tensor& /*master*/, const Weight& weight, const std::optional<at::Tensor>& bias) {
    context->saved_data["bias"] = bias.has_value();
    torch::autograd::variable_list saved = saved_weight(weight);
    saved.push_back(x);
    context->save_for_backward(std::move(saved));
    return linear_product(x, weight, bias.value_or(at::Tensor()));
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor grad = gradients[0].contiguous();
    at::Tensor grad_x, grad_weight, grad_bias;
    if (context->needs_input_grad(0)) grad_x = linear_backward_input(grad, saved);
    if (context->needs_input_grad(1)) grad_weight = linear_backward_weight(saved[0], grad, saved.back());
    if (context->saved_data["bias"].toBool() && context->needs_input_grad(2)) grad_bias = sum_of_rows(grad);
    return {grad_x, grad_weight, at::Tensor(), grad_bias};
  }
};

}  // namespace

at::Tensor linear_product(const at::Tensor& x, const Weight& weight, const at::Tensor& bias) {
  if (weight.panels && weight.panels->forward.elements.defined()) return panel_linear(x, weight.panels->forward, bias);
  // A GPU adds it inside the product, if it is of the product's type.
  if (bias.defined() && x.is_cuda()) return at::addmm(bias.to(x.scalar_type()), x, weight.compute.t());
  const at::Tensor product = at::mm(x, weight.compute.t());
  if (bias.defined()) add_bias(product, bias);
  return product;
}

torch::autograd::variable_list saved_weight(const Weight& weight) {
  return {weight.master, weight.compute, weight.panels ? weight.panels->backward.elements : at::Tensor()};
}

at::Tensor linear_backward_input(const at::Tensor& grad, std::span<const at::Tensor> saved) {
  const at::Tensor &weight = saved[1], &panels = saved[2];
  if (panels.defined()) return panel_linear(grad, {weight.size(1), weight.size(0), panels, {}, {}}, {});
  return at::mm(grad, weight);
}

at::Tensor linear_backward_weight(const at::Tensor& master, const at::Tensor& grad, const at::Tensor& x) {
  if (!master.is_leaf()) return at::mm(grad.t(), x).to(at::kFloat);
  const at::NoGradGuard no_graph;
  at::Tensor& sum = master.mutable_grad();
  const bool add = sum.defined();
  if (!add) sum = at::empty_like(master, at::MemoryFormat::Contiguous);
  const bool is_dense = sum.is_contiguous();
  if (is_dense && fast::adds_weight_gradients(grad, x)) {
    fast::add_weight_gradient(grad, x, sum, add);
  } else if (grad.scalar_type() == at::kFloat) {
    at::addmm_out(sum, sum, grad.t(), x, add ? 1 : 0);
  } else if (grad.is_cuda()) {
    at::addmm_out(sum, sum, grad.t(), x, at::kFloat, add ? 1 : 0);
  } else {
    const at::Tensor product = at::mm(grad.t(), x);
    if (!add) {
      sum.copy_(product);
    } else if (is_dense && fast::takes(product)) {
      fast::add_to(sum, product);
    } else {
      sum.add_(product);
    }
  }
  return {};
}

at::Tensor linear(const at::Tensor& x, const Weight& weight, const at::Tensor& bias) {
  return LinearFunction::apply(x, weight.master, weight, bias.defined() ? std::optional(bias) : std::nullopt);
}

}  // namespace albert::ops
