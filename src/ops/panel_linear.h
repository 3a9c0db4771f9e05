#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <ATen/core/Tensor.h>

#include "ops/activation.h"

/// Linear layers on a CPU by kernels of our own: the matrix lies in panels of 64 outputs, in float32, bfloat16 or bytes,
/// and bias and activation are applied to the sums while they are in registers. What a row gives depends on that row
/// alone, and on nothing else in the batch. Predictions are computed by them, and training where the processor has AMX.
namespace albert::ops {

/// A matrix [out, in] as the kernels read it. Sizes are rounded up, and filled with zeros.
struct Panels {
  std::int64_t out = 0, in = 0;
  at::Tensor elements;  ///< [panels, in / n, 64, n]: n = 1 of float32, 2 of bfloat16, 4 of int8
  // Of int8 only.
  at::Tensor scales;  ///< [out and some] float32: the largest magnitude of an output's weights / 127
  at::Tensor sums;    ///< [out and some] int32, of an output's bytes
};

/// Whether panel_linear() takes rows of this type, of so many elements, on this processor.
bool has_panels(at::ScalarType type, std::int64_t in);

/// \param weight [out, in], is rounded to the type
/// Throws InternalError where has_panels() is false.
Panels make_panels(const at::Tensor& weight, at::ScalarType type);

/// The matrix of a layer that is trained, in bfloat16.
struct TrainingPanels {
  Panels forward;   ///< of W [out, in]; without elements where `in` is no multiple of 32
  Panels backward;  ///< of W^T, for the gradient of the input; without elements where `out` is none
};

/// \param weight [out, in] bfloat16, contiguous
/// \return null where LibTorch's products are as fast: without AMX, and for other types
std::shared_ptr<const TrainingPanels> make_training_panels(const at::Tensor& weight);

/// activation(x W^T + bias), or without the activation if there is none.
/// \param x [R, in], of the type of the panels
/// \param bias [out] float32, or undefined
/// \return [R, out], likewise
at::Tensor panel_linear(const at::Tensor& x, const Panels& weight, const at::Tensor& bias,
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

/// The weights of each output are rounded to 255 steps.
/// \param weight [out, in] float32
/// Throws InternalError for more inputs than can be summed in 32 bits, some 65,000.
Panels make_int8_panels(const at::Tensor& weight);

/// activation(x W^T + bias) of the rounded rows and weights, summed exactly: [R, out] of the type of the activations.
/// \param bias [out] float32, or undefined
at::Tensor int8_linear(const Int8Rows& x, const Panels& weight, const at::Tensor& bias,
                       std::optional<Activation> activation = {});

}  // namespace albert::ops
