#include "ops/kernels/functions.h"

namespace albert::ops::kernels::ALBERT_ISA {

template <typename T>
constexpr Kernels<T> kTable = {bias_activation<T>,
                               bias_activation_backward<T>,
                               add_bias<T>,
                               column_sum<T>,
                               dropout<T>,
                               layer_norm<T>,
                               layer_norm_backward<T>,
                               cross_entropy<T>,
                               cross_entropy_backward<T>,
                               attention_scratch<T>,
                               attention<T>,
                               attention_backward<T>};

const Kernels<float>& float_kernels() {
  return kTable<float>;
}
const Kernels<Bfloat16>& bfloat16_kernels() {
  return kTable<Bfloat16>;
}

}  // namespace albert::ops::kernels::ALBERT_ISA
