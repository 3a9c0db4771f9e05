#include "ops/kernels/activation.h"
#include "ops/kernels/attention.h"
#include "ops/kernels/cross_entropy.h"
#include "ops/kernels/dropout.h"
#include "ops/kernels/layer_norm.h"
#include "ops/kernels/panel_product.h"
#include "ops/kernels/sums.h"
#include "ops/kernels/weight_gradient.h"

namespace albert::ops::kernels::ALBERT_ISA {

namespace {

template <typename T>
constexpr Kernels<T> kKernels = {
    .bias_activation = bias_activation<T>,
    .bias_activation_backward = bias_activation_backward<T>,
    .add_bias = add_bias<T>,
    .column_sum = column_sum<T>,
    .dropout = dropout<T>,
    .layer_norm = layer_norm<T>,
    .layer_norm_backward = layer_norm_backward<T>,
    .cross_entropy = cross_entropy<T>,
    .cross_entropy_backward = cross_entropy_backward<T>,
    .attention_scratch = attention_scratch<T>,
    .attention = attention<T>,
    .attention_backward = attention_backward<T>,
    .round_rows = round_rows<T>,
    .int8_product = int8_product<T>,
    .panel_product = panel_product<T>,
    .turn_rows = turn_rows<T>,
    .turn_units = turn_units<T>,
    .pair_rows = pair_rows<T>,
    .weight_gradient = weight_gradient<T>,
};

}  // namespace

// A constant: nothing of this instruction set runs before it is chosen.
constinit const KernelTable kTable = {.of_float = kKernels<float>, .of_bfloat16 = kKernels<Bfloat16>};

}  // namespace albert::ops::kernels::ALBERT_ISA
