#include "ops/fast.h"
#include "ops/fast_support.h"

namespace albert::ops::fast {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

at::Tensor apply_dropout(const at::Tensor& x, const DropoutState& dropout) {
  at::Tensor out = at::empty_like(x);
  const std::int64_t columns = x.size(1);
  with_type(x.scalar_type(), [&]<typename T>(T) {
    for_rows(x.size(0), [&](std::int64_t begin, std::int64_t end) {
      const std::int64_t at = begin * columns;
      kernels::kernels_of<T>().dropout(data<T>(x) + at, data<T>(out) + at, end - begin, columns, dropout.site(begin));
    });
  });
  return out;
}

struct DropoutFunction : torch::autograd::Function<DropoutFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const Dropout& dropout) {
    const DropoutState state(dropout, at::kCPU);
    state.save(context);
    return apply_dropout(x, state);
  }
  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    return {apply_dropout(gradients[0].contiguous(), DropoutState(context)), at::Tensor()};
  }
};

}  // namespace

at::Tensor dropout(const at::Tensor& x, const Dropout& dropout) {
  return dropout.probability == 0 ? x : DropoutFunction::apply(x.contiguous(), dropout);
}

}  // namespace albert::ops::fast
