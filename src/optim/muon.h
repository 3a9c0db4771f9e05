#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace albert::optim {

/// The numbers of one update of one matrix by Muon.
struct MuonRule {
  double learning_rate;
  double gradient_scale;
  double momentum;
  double weight_decay;  ///< 0 for an excluded parameter
  bool in_bfloat16;     ///< the products
};

/// The nearest matrix whose singular values are all about 1, by five iterations of Newton and Schulz with coefficients
/// that leave them between 0.7 and 1.2 (Jordan, "Muon", 2024).
/// \param matrix [M, N] float32
/// \param in_bfloat16 whether its products are computed in that; else in float32
/// \return [M, N] float32
at::Tensor orthogonalised(const at::Tensor& matrix, bool in_bfloat16);

/// With g the scaled gradient, and O what orthogonalised() makes of a matrix:
///
///     m = momentum m + g
///     w = w - learning_rate (0.2 sqrt(max(M, N)) O(g + momentum m) + weight_decay w)
///
/// 0.2 sqrt(max(M, N)) gives changes the size that AdamW's have, so that one rate suits both (Liu et al.,
/// arXiv 2502.16982).
/// \param weight [M, N] float32, updated in place
/// \param momentum [M, N] float32, updated in place
void update_by_muon(const at::Tensor& weight, const at::Tensor& gradient, const at::Tensor& momentum,
                    const MuonRule& rule);

}  // namespace albert::optim
