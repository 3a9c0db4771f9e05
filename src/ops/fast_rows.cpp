#include "ops/dropout_mask.h"
#include "ops/fast.h"
#include "ops/fast_support.h"
#include "ops/row_functions.h"

namespace albert::ops::fast {

namespace {

/// The kernels' view of some of the rows.
template <typename T>
kernels::LayerNormRows<T> rows_of(const Norm& norm, std::int64_t begin, std::int64_t end, std::vector<float>& scratch) {
  const std::int64_t columns = norm.x.size(1);
  scratch.resize(static_cast<std::size_t>(2 * (columns + kDropoutBlock)));
  return {end - begin,
          columns,
          data<T>(norm.x) + begin * columns,
          norm.residual.defined() ? data<T>(norm.residual) + begin * columns : nullptr,
          norm.dropout.site(begin),
          data<float>(norm.gamma),
          data<float>(norm.mean) + begin,
          data<float>(norm.inverse) + begin,
          scratch.data()};
}

/// By threads, each of which takes some of the rows; see row_functions.h.
struct Passes {
  static void activate(const at::Tensor& product, const at::Tensor& bias, Activation activation,
                       const at::Tensor& out) {
    const std::int64_t columns = product.size(1);
    with_type(product.scalar_type(), [&]<typename T>(T) {
      for_rows(product.size(0), [&](std::int64_t begin, std::int64_t end) {
        const std::int64_t at = begin * columns;
        kernels::kernels_of<T>().bias_activation(data<T>(product) + at, data<float>(bias), data<T>(out) + at,
                                                 end - begin, columns, activation);
      });
    });
  }

  static at::Tensor activate_backward(const at::Tensor& grad, const at::Tensor& product, const at::Tensor& bias,
                                      Activation activation, const at::Tensor& grad_product) {
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
    return grad_bias;
  }

  static void drop(const at::Tensor& x, const DropoutState& dropout, const at::Tensor& out) {
    const std::int64_t columns = x.size(1);
    with_type(x.scalar_type(), [&]<typename T>(T) {
      for_rows(x.size(0), [&](std::int64_t begin, std::int64_t end) {
        const std::int64_t at = begin * columns;
        kernels::kernels_of<T>().dropout(data<T>(x) + at, data<T>(out) + at, end - begin, columns, dropout.site(begin));
      });
    });
  }

  static void normalise(const Norm& norm, const at::Tensor& beta, double epsilon, const at::Tensor& out) {
    with_type(norm.x.scalar_type(), [&]<typename T>(T) {
      for_rows(norm.x.size(0), [&](std::int64_t begin, std::int64_t end) {
        std::vector<float> scratch;
        kernels::kernels_of<T>().layer_norm(rows_of<T>(norm, begin, end, scratch), data<float>(beta),
                                            static_cast<float>(epsilon), data<T>(out) + begin * norm.x.size(1));
      });
    });
  }

  static at::Tensor normalise_backward(const Norm& norm, const at::Tensor& grad, const at::Tensor& grad_x,
                                       const at::Tensor& grad_residual) {
    const std::int64_t columns = norm.x.size(1);
    at::Tensor sums;
    with_type(norm.x.scalar_type(), [&]<typename T>(T) {
      sums = sum_over_rows(norm.x.size(0), 2 * columns, [&](std::int64_t begin, std::int64_t end, float* sum) {
        std::vector<float> scratch;
        const std::int64_t at = begin * columns;
        kernels::kernels_of<T>().layer_norm_backward(
            rows_of<T>(norm, begin, end, scratch), data<T>(grad) + at, data<T>(grad_x) + at,
            grad_residual.defined() ? data<T>(grad_residual) + at : nullptr, sum, sum + columns);
      });
    });
    return sums.view({2, columns});
  }
};

}  // namespace

at::Tensor linear_activation(const at::Tensor& x, const Weight& weight, const at::Tensor& bias, Activation activation) {
  return linear_activation_by<Passes>(x, weight, bias, activation);
}

at::Tensor dropout(const at::Tensor& x, const Dropout& dropout) {
  return dropout_by<Passes>(x, dropout);
}

at::Tensor residual_layer_norm(const at::Tensor& x, const at::Tensor& residual, const Dropout& dropout,
                               const at::Tensor& gamma, const at::Tensor& beta, double epsilon) {
  return residual_layer_norm_by<Passes>(x, residual, dropout, gamma, beta, epsilon);
}

}  // namespace albert::ops::fast
