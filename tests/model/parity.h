#pragma once

#include "fixture.h"

/// How far two computations are apart, in units of the tolerance: so that a test can also ask that a wrong model is
/// far.
namespace albert::model {

/// Largest difference of an element, by the 1e-5 that outputs may differ: sums of some dozen float32 products of size
/// one, in another order.
double output_error(const at::Tensor& found, const at::Tensor& expected);

/// Largest error of a gradient: |g - g_ref| <= 1e-5 max(|g_ref|, 1e-3 |all gradients|), in norms. Where g_ref is truly
/// zero (biases that shift all scores of a softmax alike, as the key's) both sides compute only rounding, of which the
/// few scores of a small head leave up to 1e-7 of all: there the difference may be 1e-6 of all.
double gradient_error(const torch::nn::Module& model, const FixtureFile& fixture);

}  // namespace albert::model
