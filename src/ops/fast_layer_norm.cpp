#include "ops/dropout_mask.h"
#include "ops/fast.h"
#include "ops/fast_support.h"

namespace albert::ops::fast {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// The tensors of one call; rows() is the kernels' view of some of its rows.
struct Norm {
  at::Tensor x, residual, gamma, mean, inverse;
  DropoutState dropout;

  template <typename T>
  kernels::LayerNormRows<T> rows(std::int64_t begin, std::int64_t end, std::vector<float>& scratch) const {
    const std::int64_t columns = x.size(1);
    scratch.resize(static_cast<std::size_t>(2 * (columns + kDropoutBlock)));
    return {end - begin,
            columns,
            data<T>(x) + begin * columns,
            residual.defined() ? data<T>(residual) + begin * columns : nullptr,
            dropout.site(begin),
            data<float>(gamma),
            data<float>(mean) + begin,
            data<float>(inverse) + begin,
            scratch.data()};
  }
};

/// Keeps its two inputs and the statistics: the sum is computed again.
struct ResidualLayerNorm : torch::autograd::Function<ResidualLayerNorm> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const std::optional<at::Tensor>& residual,
                            const Dropout& dropout, const at::Tensor& gamma, const at::Tensor& beta, double epsilon) {
    const Norm norm{x,
                    residual.value_or(at::Tensor()),
                    gamma.contiguous(),
                    at::empty({x.size(0)}, at::kFloat),
                    at::empty({x.size(0)}, at::kFloat),
                    DropoutState(dropout, at::kCPU)};
    const at::Tensor shift = beta.contiguous();
    at::Tensor out = at::empty_like(x);
    with_type(x.scalar_type(), [&]<typename T>(T) {
      for_rows(x.size(0), [&](std::int64_t begin, std::int64_t end) {
        std::vector<float> scratch;
        kernels::kernels_of<T>().layer_norm(norm.rows<T>(begin, end, scratch), data<float>(shift),
                                            static_cast<float>(epsilon), data<T>(out) + begin * x.size(1));
      });
    });
    context->save_for_backward({x, norm.residual, norm.gamma, norm.mean, norm.inverse});
    norm.dropout.save(context);
    return out;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const Norm norm{saved[0], saved[1], saved[2], saved[3], saved[4], DropoutState(context)};
    const at::Tensor grad = gradients[0].contiguous();
    const std::int64_t columns = norm.x.size(1);
    const at::Tensor grad_x = at::empty_like(norm.x);
    // Without dropout the two gradients are the same, and one tensor serves.
    const bool apart = norm.residual.defined() && norm.dropout.drops();
    const at::Tensor grad_residual = apart ? at::empty_like(norm.x) : at::Tensor();
    at::Tensor sums;
    with_type(norm.x.scalar_type(), [&]<typename T>(T) {
      sums = sum_over_rows(norm.x.size(0), 2 * columns, [&](std::int64_t begin, std::int64_t end, float* sum) {
        std::vector<float> scratch;
        const std::int64_t at = begin * columns;
        kernels::kernels_of<T>().layer_norm_backward(norm.rows<T>(begin, end, scratch), data<T>(grad) + at,
                                                     data<T>(grad_x) + at,
                                                     apart ? data<T>(grad_residual) + at : nullptr, sum, sum + columns);
      });
    });
    const at::Tensor second = apart ? grad_residual : (norm.residual.defined() ? grad_x : at::Tensor());
    return {grad_x, second, at::Tensor(), sums.slice(0, 0, columns), sums.slice(0, columns), at::Tensor()};
  }
};

}  // namespace

at::Tensor residual_layer_norm(const at::Tensor& x, const at::Tensor& residual, const Dropout& dropout,
                               const at::Tensor& gamma, const at::Tensor& beta, double epsilon) {
  return ResidualLayerNorm::apply(x.contiguous(),
                                  residual.defined() ? std::optional(residual.contiguous()) : std::nullopt, dropout,
                                  gamma, beta, epsilon);
}

}  // namespace albert::ops::fast
