#pragma once

#include <optional>
#include <utility>

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include "ops/dropout_state.h"
#include "ops/linear.h"
#include "ops/ops.h"

/// The operations that pass over rows, as autograd sees them: what is kept for the backward pass, and which gradients there are. The passes
/// themselves are those of a form, the static functions of its `Passes`. All tensors are contiguous, and `out` and the gradients of rows are
/// there to be written:
///
///     activate(product, bias, activation, out)                                     the bias may be undefined, out may be the product
///     activate_backward(grad, product, bias, activation, grad_product)             -> [out] float32, the gradient of the bias
///     drop(x, dropout, out)
///     normalise(norm, beta, epsilon, out)                                          writes norm.mean and norm.inverse, too
///     normalise_backward(norm, grad, grad_x, grad_residual)                        -> [2, H] float32, the gradients of gamma and beta;
///                                                                                     grad_residual is undefined where grad_x serves for both
namespace albert::ops {

/// Keeps the product, before bias and activation; the backward pass computes both again.
template <typename Passes>
struct LinearActivation : torch::autograd::Function<LinearActivation<Passes>> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x,
                            const at::Tensor& /*master*/, const Weight& weight, const std::optional<at::Tensor>& bias,
                            Activation activation) {
    const at::Tensor product = linear_product(x, weight);  // [R, out]
    const at::Tensor shift = bias ? bias->contiguous() : at::Tensor();
    torch::autograd::variable_list saved = saved_weight(weight);
    saved.insert(saved.end(), {x, product, shift});
    context->save_for_backward(std::move(saved));
    context->saved_data["activation"] = static_cast<std::int64_t>(activation);
    at::Tensor out = at::empty_like(product);
    Passes::activate(product, shift, activation, out);
    return out;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[3], &product = saved[4], &bias = saved[5];
    const auto activation = static_cast<Activation>(context->saved_data["activation"].toInt());
    const at::Tensor grad_product = at::empty_like(product);
    const at::Tensor grad_bias =
        Passes::activate_backward(gradients[0].contiguous(), product, bias, activation, grad_product);
    at::Tensor grad_x, grad_weight;
    if (context->needs_input_grad(0)) grad_x = linear_backward_input(grad_product, saved);
    if (context->needs_input_grad(1)) grad_weight = linear_backward_weight(saved[0], grad_product, x);
    return {grad_x, grad_weight, at::Tensor(), bias.defined() ? grad_bias : at::Tensor(), at::Tensor()};
  }
};

template <typename Passes>
struct DropoutFunction : torch::autograd::Function<DropoutFunction<Passes>> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x, const Dropout& dropout) {
    const DropoutState state(dropout, x.device());
    state.save(context);
    return dropped(x, state);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    return {dropped(gradients[0].contiguous(), DropoutState(context)), at::Tensor()};
  }

 private:
  static at::Tensor dropped(const at::Tensor& x, const DropoutState& dropout) {
    at::Tensor out = at::empty_like(x);
    Passes::drop(x, dropout, out);
    return out;
  }
};

/// The tensors of a layer norm of residual + dropout(x).
struct Norm {
  at::Tensor x;         ///< [R, H]
  at::Tensor residual;  ///< [R, H] or undefined
  at::Tensor gamma;     ///< [H] float32
  at::Tensor mean;      ///< [R] float32
  at::Tensor inverse;   ///< [R] float32, 1 / standard deviation
  DropoutState dropout;
};

/// Keeps its two inputs and the statistics: the sum is computed again.
template <typename Passes>
struct ResidualLayerNorm : torch::autograd::Function<ResidualLayerNorm<Passes>> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x,
                            const std::optional<at::Tensor>& residual, const Dropout& dropout, const at::Tensor& gamma,
                            const at::Tensor& beta, double epsilon) {
    const auto statistics = x.options().dtype(at::kFloat);
    const Norm norm{.x = x,
                    .residual = residual.value_or(at::Tensor()),
                    .gamma = gamma.contiguous(),
                    .mean = at::empty({x.size(0)}, statistics),
                    .inverse = at::empty({x.size(0)}, statistics),
                    .dropout = DropoutState(dropout, x.device())};
    at::Tensor out = at::empty_like(x);
    Passes::normalise(norm, beta.contiguous(), epsilon, out);
    context->save_for_backward({x, norm.residual, norm.gamma, norm.mean, norm.inverse});
    norm.dropout.save(context);
    return out;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const Norm norm{saved[0], saved[1], saved[2], saved[3], saved[4], DropoutState(context)};
    const at::Tensor grad_x = at::empty_like(norm.x);
    // Without dropout the two gradients are the same, and one tensor serves.
    const bool apart = norm.residual.defined() && norm.dropout.drops();
    const at::Tensor grad_residual = apart ? at::empty_like(norm.x) : at::Tensor();
    const at::Tensor sums = Passes::normalise_backward(norm, gradients[0].contiguous(), grad_x, grad_residual);
    const at::Tensor second = apart ? grad_residual : (norm.residual.defined() ? grad_x : at::Tensor());
    return {grad_x, second, at::Tensor(), sums[0], sums[1], at::Tensor()};
  }
};

/// As linear_activation() of ops.h, and likewise below. Where no gradient is asked for the product itself is written over.
template <typename Passes>
at::Tensor linear_activation_by(const at::Tensor& x, const Weight& weight, const at::Tensor& bias,
                                Activation activation) {
  if (!at::GradMode::is_enabled()) {
    at::Tensor product = linear_product(x, weight);
    Passes::activate(product, bias.defined() ? bias.contiguous() : bias, activation, product);
    return product;
  }
  return LinearActivation<Passes>::apply(x.contiguous(), weight.master, weight,
                                         bias.defined() ? std::optional(bias) : std::nullopt, activation);
}

template <typename Passes>
at::Tensor dropout_by(const at::Tensor& x, const Dropout& dropout) {
  return dropout.probability == 0 ? x : DropoutFunction<Passes>::apply(x.contiguous(), dropout);
}

template <typename Passes>
at::Tensor residual_layer_norm_by(const at::Tensor& x, const at::Tensor& residual, const Dropout& dropout,
                                  const at::Tensor& gamma, const at::Tensor& beta, double epsilon) {
  return ResidualLayerNorm<Passes>::apply(x.contiguous(),
                                          residual.defined() ? std::optional(residual.contiguous()) : std::nullopt,
                                          dropout, gamma, beta, epsilon);
}

}  // namespace albert::ops
