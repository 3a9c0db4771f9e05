#include <optional>

#include "ops/cuda/launch.h"
#include "ops/dropout_state.h"
#include "ops/linear.h"
#include "ops/plain.h"

namespace albert::ops::cuda {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// \param bias [columns] float32, or undefined
template <typename T>
ActivationRows<T> activation_rows(const at::Tensor& product, const at::Tensor& bias, Activation activation) {
  ActivationRows<T> rows = {};
  rows.rows = product.size(0);
  rows.columns = product.size(1);
  rows.activation = activation;
  rows.product = data<T>(product);
  rows.bias = data<float>(bias);
  rows.strips = strips_of(rows.rows);
  return rows;
}

void bias_activation(const at::Tensor& product, const at::Tensor& bias, const at::Tensor& out, Activation activation) {
  if (product.numel() == 0) return;
  with_type(product, [&]<typename T>(T) {
    auto rows = activation_rows<T>(product, bias, activation);
    rows.out = data<T>(out);
    launch(kernels_of<T>().bias_activation, rows, product);
  });
}

/// Keeps the product, before bias and activation; the backward pass computes both again.
struct LinearActivation : torch::autograd::Function<LinearActivation> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& /*master*/,
                            const Weight& weight, const std::optional<at::Tensor>& bias, Activation activation) {
    const at::Tensor product = linear_product(x, weight);  // [R, out]
    const at::Tensor shift = bias ? bias->contiguous() : at::Tensor();
    variable_list saved = saved_weight(weight);
    saved.insert(saved.end(), {x, product, shift});
    context->save_for_backward(std::move(saved));
    context->saved_data["activation"] = static_cast<std::int64_t>(activation);
    at::Tensor out = at::empty_like(product);
    bias_activation(product, shift, out, activation);
    return out;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[3], &product = saved[4], &bias = saved[5];
    const auto activation = static_cast<Activation>(context->saved_data["activation"].toInt());
    const at::Tensor grad = gradients[0].contiguous();
    const at::Tensor grad_product = at::empty_like(product);
    at::Tensor bias_sums = at::zeros({0, product.size(1)}, product.options().dtype(at::kFloat));
    if (product.numel() > 0) {
      bias_sums = at::empty({strips_of(product.size(0)), product.size(1)}, bias_sums.options());
      with_type(product, [&]<typename T>(T) {
        auto rows = activation_rows<T>(product, bias, activation);
        rows.grad = data<T>(grad);
        rows.grad_product = data<T>(grad_product);
        rows.bias_sums = data<float>(bias_sums);
        launch(kernels_of<T>().bias_activation_backward, rows, product);
      });
    }
    at::Tensor grad_x, grad_weight;
    if (context->needs_input_grad(0)) grad_x = linear_backward_input(grad_product, saved);
    if (context->needs_input_grad(1)) grad_weight = linear_backward_weight(saved[0], grad_product, x);
    return {grad_x, grad_weight, at::Tensor(), bias.defined() ? bias_sums.sum(0) : at::Tensor(), at::Tensor()};
  }
};

at::Tensor apply_dropout(const at::Tensor& x, const DropoutState& dropout) {
  at::Tensor out = at::empty_like(x);
  if (x.numel() == 0) return out;
  with_type(x, [&]<typename T>(T) {
    launch(kernels_of<T>().dropout, DropoutRows<T>{x.size(0), x.size(1), data<T>(x), data<T>(out), dropout.site(0)}, x);
  });
  return out;
}

struct DropoutFunction : torch::autograd::Function<DropoutFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const Dropout& dropout) {
    const DropoutState state(dropout, x.device());
    state.save(context);
    return apply_dropout(x, state);
  }
  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    return {apply_dropout(gradients[0].contiguous(), DropoutState(context)), at::Tensor()};
  }
};

/// The tensors of one call; rows() is the kernels' view of them.
struct Norm {
  at::Tensor x, residual, gamma, mean, inverse;
  DropoutState dropout;

  template <typename T>
  NormRows<T> rows() const {
    NormRows<T> rows = {};
    rows.rows = x.size(0);
    rows.columns = x.size(1);
    rows.x = data<T>(x);
    rows.residual = data<T>(residual);
    rows.dropout = dropout.site(0);
    rows.gamma = data<float>(gamma);
    rows.mean = data<float>(mean);
    rows.inverse = data<float>(inverse);
    rows.strips = strips_of(rows.rows);
    return rows;
  }
};

/// Keeps its two inputs and the statistics: the sum is computed again.
struct ResidualLayerNorm : torch::autograd::Function<ResidualLayerNorm> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const std::optional<at::Tensor>& residual,
                            const Dropout& dropout, const at::Tensor& gamma, const at::Tensor& beta, double epsilon) {
    const auto statistics = x.options().dtype(at::kFloat);
    const Norm norm{x,
                    residual.value_or(at::Tensor()),
                    gamma.contiguous(),
                    at::empty({x.size(0)}, statistics),
                    at::empty({x.size(0)}, statistics),
                    DropoutState(dropout, x.device())};
    const at::Tensor shift = beta.contiguous();
    at::Tensor out = at::empty_like(x);
    if (x.numel() > 0) {
      with_type(x, [&]<typename T>(T) {
        auto rows = norm.rows<T>();
        rows.beta = data<float>(shift);
        rows.epsilon = static_cast<float>(epsilon);
        rows.out = data<T>(out);
        launch(kernels_of<T>().layer_norm, rows, x);
      });
    }
    context->save_for_backward({x, norm.residual, norm.gamma, norm.mean, norm.inverse});
    norm.dropout.save(context);
    return out;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const Norm norm{saved[0], saved[1], saved[2], saved[3], saved[4], DropoutState(context)};
    const at::Tensor grad = gradients[0].contiguous();
    const at::Tensor grad_x = at::empty_like(norm.x);
    // Without dropout the two gradients are the same, and one tensor serves.
    const bool apart = norm.residual.defined() && norm.dropout.drops();
    const at::Tensor grad_residual = apart ? at::empty_like(norm.x) : at::Tensor();
    at::Tensor sums = at::zeros({0, 2, norm.x.size(1)}, norm.gamma.options());
    if (norm.x.numel() > 0) {
      sums = at::empty({strips_of(norm.x.size(0)), 2, norm.x.size(1)}, norm.gamma.options());
      with_type(norm.x, [&]<typename T>(T) {
        auto rows = norm.rows<T>();
        rows.grad = data<T>(grad);
        rows.grad_x = data<T>(grad_x);
        rows.grad_residual = data<T>(grad_residual);
        rows.sums = data<float>(sums);
        launch(kernels_of<T>().layer_norm_backward, rows, norm.x);
      });
    }
    const at::Tensor total = sums.sum(0);  // [2, columns]
    const at::Tensor second = apart ? grad_residual : (norm.residual.defined() ? grad_x : at::Tensor());
    return {grad_x, second, at::Tensor(), total[0], total[1], at::Tensor()};
  }
};

}  // namespace

at::Tensor linear_activation(const at::Tensor& x, const Weight& weight, const at::Tensor& bias, Activation activation) {
  if (!kernels_in_use()) return plain::linear_activation(x, weight, bias, activation);
  if (!at::GradMode::is_enabled()) {
    const at::Tensor product = linear_product(x, weight);
    bias_activation(product, bias.defined() ? bias.contiguous() : bias, product, activation);
    return product;
  }
  return LinearActivation::apply(x.contiguous(), weight.master, weight,
                                 bias.defined() ? std::optional(bias) : std::nullopt, activation);
}

at::Tensor dropout(const at::Tensor& x, const Dropout& dropout) {
  if (dropout.probability == 0) return x;
  if (!kernels_in_use()) return plain::dropout(x, dropout);
  return DropoutFunction::apply(x.contiguous(), dropout);
}

at::Tensor residual_layer_norm(const at::Tensor& x, const at::Tensor& residual, const Dropout& dropout,
                               const at::Tensor& gamma, const at::Tensor& beta, double epsilon) {
  if (!kernels_in_use() || x.size(1) > kMaxNormColumns)
    return plain::residual_layer_norm(x, residual, dropout, gamma, beta, epsilon);
  return ResidualLayerNorm::apply(x.contiguous(),
                                  residual.defined() ? std::optional(residual.contiguous()) : std::nullopt, dropout,
                                  gamma, beta, epsilon);
}

}  // namespace albert::ops::cuda
