#pragma once

#include <cstdint>
#include <optional>

#include <ATen/core/Tensor.h>

#include "ops/activation.h"

/// Linear layers for prediction on a CPU, by kernels of our own: the matrix lies in panels of 64 outputs, in bfloat16 or
/// in bytes, and bias and activation are applied to the sums while they are in registers. What a row gives depends on
/// that row alone, and on nothing else in the batch.
namespace albert::ops {

/// A matrix [out, in] as the kernels read it. Sizes are rounded up, and filled with zeros.
struct Panels {
  std::int64_t out = 0, in = 0;
  at::Tensor elements;  ///< [panels, in / n, 64, n]: n = 2 of bfloat16, or n = 4 of int8
};

/// Whether the kernels multiply bfloat16 here, in layers of so many inputs.
bool has_bfloat16_panels(std::int64_t in);

/// \param weight [out, in]; is rounded to bfloat16
Panels bfloat16_panels(const at::Tensor& weight);

/// activation(x W^T + bias), or without the activation if there is none.
/// \param x [R, in] bfloat16
/// \param bias [out] float32, or undefined
/// \return [R, out] bfloat16
at::Tensor bfloat16_linear(const at::Tensor& x, const Panels& weight, const at::Tensor& bias,
                           std::optional<Activation> activation = {});

/// Rows of activations, each rounded to 256 steps of its own: x[r] is about scales[r] * (bytes[r] - zeros[r]), within
/// half of scales[r].
struct Int8Rows {
  std::int64_t columns = 0;
  at::ScalarType type = at::kFloat;  ///< of the activations
  at::Tensor bytes;                  ///< [R, columns and some] uint8
  at::Tensor scales;                 ///< [R] float32: (largest - least number of the row) / 255, 0 being among them
  at::Tensor zeros;                  ///< [R] int32: the byte that stands for 0
};

/// \param x [R, in] float32 or bfloat16, on the CPU
Int8Rows round_rows(const at::Tensor& x);

/// A matrix of which the weights of each output are rounded to 255 steps.
struct Int8Panels : Panels {
  at::Tensor scales;  ///< [out and some] float32: the largest magnitude of an output's weights / 127
  at::Tensor sums;    ///< [out and some] int32, of an output's bytes
};

/// \param weight [out, in] float32
/// Throws InternalError for more inputs than can be summed in 32 bits, some 65,000.
Int8Panels int8_panels(const at::Tensor& weight);

/// activation(x W^T + bias) of the rounded rows and weights, summed exactly: [R, out] of the type of the activations.
/// \param bias [out] float32, or undefined
at::Tensor int8_linear(const Int8Rows& x, const Int8Panels& weight, const at::Tensor& bias,
                       std::optional<Activation> activation = {});

}  // namespace albert::ops
