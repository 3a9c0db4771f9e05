#pragma once

#include "ops/ops.h"

namespace albert::ops {

/// The operations that have several forms: plain.h, fast.h and cuda/forms.h. What they do is in ops.h.
struct Form {
  decltype(&ops::linear_activation) linear_activation;
  decltype(&ops::dropout) dropout;
  decltype(&ops::residual_layer_norm) residual_layer_norm;  ///< residual may be undefined
  decltype(&ops::attention) attention;
  decltype(&ops::cross_entropy_sum) cross_entropy_sum;
};

/// The form for x: by its device the fast one or that for GPUs, if it has rows of float32 or bfloat16; else the plain one.
const Form& form_of(const at::Tensor& x);

}  // namespace albert::ops
