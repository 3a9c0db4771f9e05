#include "ops/fast.h"
#include "ops/fast_support.h"
#include "ops/linear.h"

namespace albert::ops::fast {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void bias_activation(const at::Tensor& product, const at::Tensor& bias, const at::Tensor& out, Activation activation) {
  const std::int64_t columns = product.size(1);
  with_type(product.scalar_type(), [&]<typename T>(T) {
    for_rows(product.size(0), [&](std::int64_t begin, std::int64_t end) {
      const std::int64_t at = begin * columns;
      kernels::kernels_of<T>().bias_activation(data<T>(product) + at, data<float>(bias), data<T>(out) + at, end - begin,
                                               columns, activation);
    });
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
    const std::int64_t columns = product.size(1);
    at::Tensor grad_bias;
    with_type(product.scalar_type(), [&]<typename T>(T) {
      grad_bias = sum_over_rows(product.size(0), columns, [&](std::int64_t begin, std::int64_t end, float* sum) {
        const std::int64_t at = begin * columns;
        kernels::kernels_of<T>().bias_activation_backward(data<T>(grad) + at, data<T>(product) + at, data<float>(bias),
                                                          data<T>(grad_product) + at, sum, end - begin, columns,
                                                          activation);
      });
    });
    at::Tensor grad_x, grad_weight;
    if (context->needs_input_grad(0)) grad_x = linear_backward_input(grad_product, saved);
    if (context->needs_input_grad(1)) grad_weight = linear_backward_weight(saved[0], grad_product, x);
    return {grad_x, grad_weight, at::Tensor(), bias.defined() ? grad_bias : at::Tensor(), at::Tensor()};
  }
};

}  // namespace

at::Tensor linear_activation(const at::Tensor& x, const Weight& weight, const at::Tensor& bias, Activation activation) {
  if (!at::GradMode::is_enabled()) {
    const at::Tensor product = linear_product(x, weight);
    bias_activation(product, bias.defined() ? bias.contiguous() : bias, product, activation);
    return product;
  }
  return LinearActivation::apply(x.contiguous(), weight.master, weight,
                                 bias.defined() ? std::optional(bias) : std::nullopt, activation);
}

}  // namespace albert::ops::fast
