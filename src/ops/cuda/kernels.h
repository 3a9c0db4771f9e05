#pragma once

#include <cstdint>

#include "ops/activation.h"
#include "ops/kernels/kernels.h"

/// The kernels for GPUs: plain pointers to memory of the device, no LibTorch. kernels.cu launches them; what one does is a
/// function template that compiles for the host as well (activation.h, dropout.h, layer_norm.h, cross_entropy.h), where
/// the tests run it beside the plain form.
///
/// A new kernel is a body in one of those headers, its member of Kernels, its launch in kernels.cu, and its line in
/// tests/ops/cuda_on_host.cpp, without which that does not compile.
namespace albert::ops::cuda {

using kernels::Bfloat16;
using kernels::CrossEntropyClasses;
using kernels::DropoutSite;

/// activation(product + bias) of rows that lie close together, and its backward pass.
template <typename T>
struct ActivationRows {
  std::int64_t rows, columns;
  Activation activation;
  const T* product;
  const float* bias;  ///< [columns] or null
  T* out;             ///< forward
  // Backward.
  const T* grad;
  T* grad_product;
  float* bias_sums;         ///< [strips, columns]: the sum over the rows is left to the caller
  std::int64_t strips = 1;  ///< strip s has the rows s, s + strips, ...; forward, too
};

template <typename T>
struct DropoutRows {
  std::int64_t rows, columns;
  const T* x;
  T* out;
  DropoutSite site;
};

/// Layer norm of residual + dropout(x), and its backward pass.
template <typename T>
struct NormRows {
  std::int64_t rows, columns;
  const T* x;
  const T* residual;  ///< may be null
  DropoutSite dropout;
  const float* gamma;
  float* mean;     ///< [rows], written forward, read backward
  float* inverse;  ///< [rows], 1 / standard deviation, likewise
  // Forward.
  const float* beta;
  float epsilon;
  T* out;
  // Backward.
  const T* grad;
  T* grad_x;
  T* grad_residual;  ///< null: it would be the same as grad_x, or nobody asks for it
  float* sums;       ///< [strips, 2, columns], of gamma's gradient and of beta's: as bias_sums
  std::int64_t strips;
};

/// Of rows of logits: kernels::Kernels::cross_entropy says what. A label that is no column gives NaN.
template <typename T>
struct CrossEntropyRows {
  std::int64_t rows;
  CrossEntropyClasses classes;  ///< weight_sum is not read: the kernels find it
  const T* logits;
  const std::int64_t* labels;
  float* losses;    ///< [rows], forward
  float* log_sums;  ///< [rows], written forward, read backward
  // Backward.
  const float* grad;  ///< [1]
  T* grad_logits;
};

/// A layer norm's row has at most so many columns.
inline constexpr std::int64_t kMaxNormColumns = 8192;

/// Launches on a stream, which is a cudaStream_t, and does not wait.
/// \return null, or why it could not be launched
template <typename Rows>
using Launch = const char* (&)(const Rows& rows, void* stream);

template <typename T>
struct Kernels {
  Launch<ActivationRows<T>> bias_activation, bias_activation_backward;
  Launch<DropoutRows<T>> dropout;
  Launch<NormRows<T>> layer_norm, layer_norm_backward;
  Launch<CrossEntropyRows<T>> cross_entropy, cross_entropy_backward;
};

struct KernelTable {
  Kernels<float> of_float;
  Kernels<Bfloat16> of_bfloat16;
};

/// Null where the program was built without nvcc: then LibTorch's operations have to do.
const KernelTable* device_kernels();

}  // namespace albert::ops::cuda
