#include "ops/cuda/launch.h"
#include "ops/plain.h"
#include "ops/row_functions.h"

namespace albert::ops::cuda {

namespace {

/// \param bias [columns] float32, or undefined
template <typename T>
ActivationRows<T> rows_of(const at::Tensor& product, const at::Tensor& bias, Activation activation) {
  ActivationRows<T> rows = {};
  rows.rows = product.size(0);
  rows.columns = product.size(1);
  rows.activation = activation;
  rows.product = data<T>(product);
  rows.bias = data<float>(bias);
  rows.strips = strips_of(rows.rows);
  return rows;
}

template <typename T>
NormRows<T> rows_of(const Norm& norm) {
  NormRows<T> rows = {};
  rows.rows = norm.x.size(0);
  rows.columns = norm.x.size(1);
  rows.x = data<T>(norm.x);
  rows.residual = data<T>(norm.residual);
  rows.dropout = norm.dropout.site(0);
  rows.gamma = data<float>(norm.gamma);
  rows.mean = data<float>(norm.mean);
  rows.inverse = data<float>(norm.inverse);
  rows.strips = strips_of(rows.rows);
  return rows;
}

/// A kernel for each; see row_functions.h. Sums over rows are taken over strips of them, and then over the strips.
struct Passes {
  static void activate(const at::Tensor& product, const at::Tensor& bias, Activation activation,
                       const at::Tensor& out) {
    with_type(product.scalar_type(), [&]<typename T>(T) {
      auto rows = rows_of<T>(product, bias, activation);
      rows.out = data<T>(out);
      launch(kernels_of<T>().bias_activation, rows, product);
    });
  }

  static at::Tensor activate_backward(const at::Tensor& grad, const at::Tensor& product, const at::Tensor& bias,
                                      Activation activation, const at::Tensor& grad_product) {
    const at::Tensor sums =
        at::empty({strips_of(product.size(0)), product.size(1)}, product.options().dtype(at::kFloat));
    with_type(product.scalar_type(), [&]<typename T>(T) {
      auto rows = rows_of<T>(product, bias, activation);
      rows.grad = data<T>(grad);
      rows.grad_product = data<T>(grad_product);
      rows.bias_sums = data<float>(sums);
      launch(kernels_of<T>().bias_activation_backward, rows, product);
    });
    return sums.sum(0);
  }

  static void drop(const at::Tensor& x, const DropoutState& dropout, const at::Tensor& out) {
    with_type(x.scalar_type(), [&]<typename T>(T) {
      const DropoutRows<T> rows{x.size(0), x.size(1), data<T>(x), data<T>(out), dropout.site(0)};
      launch(kernels_of<T>().dropout, rows, x);
    });
  }

  static void normalise(const Norm& norm, const at::Tensor& beta, double epsilon, const at::Tensor& out) {
    with_type(norm.x.scalar_type(), [&]<typename T>(T) {
      auto rows = rows_of<T>(norm);
      rows.beta = data<float>(beta);
      rows.epsilon = static_cast<float>(epsilon);
      rows.out = data<T>(out);
      launch(kernels_of<T>().layer_norm, rows, norm.x);
    });
  }

  static at::Tensor normalise_backward(const Norm& norm, const at::Tensor& grad, const at::Tensor& grad_x,
                                       const at::Tensor& grad_residual) {
    const at::Tensor sums = at::empty({strips_of(norm.x.size(0)), 2, norm.x.size(1)}, norm.gamma.options());
    with_type(norm.x.scalar_type(), [&]<typename T>(T) {
      auto rows = rows_of<T>(norm);
      rows.grad = data<T>(grad);
      rows.grad_x = data<T>(grad_x);
      rows.grad_residual = data<T>(grad_residual);
      rows.sums = data<float>(sums);
      launch(kernels_of<T>().layer_norm_backward, rows, norm.x);
    });
    return sums.sum(0);
  }
};

}  // namespace

at::Tensor linear_activation(const at::Tensor& x, const Weight& weight, const at::Tensor& bias, Activation activation) {
  return kernels_in_use() ? linear_activation_by<Passes>(x, weight, bias, activation)
                          : plain::linear_activation(x, weight, bias, activation);
}

at::Tensor dropout(const at::Tensor& x, const Dropout& dropout) {
  return kernels_in_use() ? dropout_by<Passes>(x, dropout) : plain::dropout(x, dropout);
}

at::Tensor residual_layer_norm(const at::Tensor& x, const at::Tensor& residual, const Dropout& dropout,
                               const at::Tensor& gamma, const at::Tensor& beta, double epsilon) {
  return kernels_in_use() && x.size(1) <= kMaxNormColumns
             ? residual_layer_norm_by<Passes>(x, residual, dropout, gamma, beta, epsilon)
             : plain::residual_layer_norm(x, residual, dropout, gamma, beta, epsilon);
}

}  // namespace albert::ops::cuda
