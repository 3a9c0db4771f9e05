#pragma once

#include <cstddef>
#include <cstdint>

#include "ops/activation.h"

/// The loops behind the fast forms: plain pointers, one thread, no LibTorch. table.cpp and the headers it includes are
/// compiled once per instruction set, into a namespace of its own, and kernels_of() picks at run time.
///
/// A new kernel is a member of Kernels, a function template of the same name and signature in one of those headers, and
/// its line in table.cpp, without which that does not compile.
///
/// Code of an instruction set must not call an inline function or a template from outside its namespace (so no
/// std::vector, no std::max): the linker keeps one copy of those, and it might be the one that a lesser processor
/// cannot run. What only one header uses lies in a namespace without a name there: the optimiser then sees all its
/// calls.
namespace albert::ops::kernels {

/// Same bytes as at::BFloat16.
struct Bfloat16 {
  std::uint16_t bits;
};

/// A dropout site as the kernels see it; dropout_mask.h says which elements fall.
struct DropoutSite {
  std::uint32_t threshold = 0;  ///< 0: nothing is dropped
  float scale = 1;              ///< what the kept elements are multiplied with
  std::uint64_t key = 0;
  const std::int64_t* row_numbers = nullptr;  ///< numbers of the rows at hand
};

/// Layer norm of residual + dropout(x), rows of `columns` elements lying close together.
template <typename T>
struct LayerNormRows {
  std::int64_t rows, columns;
  const T* x;
  const T* residual;  ///< may be null
  DropoutSite dropout;
  const float* gamma;
  float* mean;     ///< [rows], written forward, read backward
  float* inverse;  ///< [rows], 1 / standard deviation, likewise
  float* scratch;  ///< [2, columns + 128]
};

/// What the rows of a cross entropy are compared with besides their labels: ops::CrossEntropyOptions.
struct CrossEntropyClasses {
  std::int64_t count = 0;
  const float* weights = nullptr;  ///< [count]; null: 1 for each
  float weight_sum = 0;            ///< of all classes
  float smoothing = 0;
};

/// One head of one sequence. Strides are between rows, in elements; a row of a head is `head_size` elements in a run.
template <typename T>
struct AttentionHead {
  std::int64_t num_queries, num_keys, head_size;
  const T *query, *key, *value;
  std::int64_t query_stride, key_stride, value_stride;
  DropoutSite dropout;
  std::uint32_t head;
  T* out;  ///< written forward, read backward
  std::int64_t out_stride;
  bool by_tiles;   ///< of AMX
  float* log_sum;  ///< [num_queries] log of the sum of exp(scores), written forward, read backward
  // Backward only; all with out_stride between rows.
  const T* grad_out;
  T *grad_query, *grad_key, *grad_value;
};

/// Columns of a panel, which is what a kernel takes of a matrix at a time.
inline constexpr std::int64_t kPanelColumns = 64;
/// In bfloat16 and bytes the inner dimension is a multiple of so many units, for the sake of AMX.
inline constexpr std::int64_t kDepthStep = 16;

/// Rows times one panel of a matrix: out = activation(x panel + bias). Units of 32 bits hold one float,
/// two bfloat16 or four bytes. In bytes, unsigned in x and signed in the panel, row r stands for
/// row_scales[r] * (x[r] - row_zeros[r]) and column c for column_scales[c] * panel[c].
template <typename T>
struct PanelProduct {
  std::int64_t rows, depth;  ///< depth: units of a row
  std::int64_t columns;      ///< that are written, at most kPanelColumns
  const std::uint32_t* x;    ///< [rows, x_stride], in units
  std::int64_t x_stride;
  const std::uint32_t* panel;  ///< [depth, kPanelColumns]
  const float* bias;           ///< [columns] or null
  bool has_activation;
  Activation activation;
  T* out;
  std::int64_t out_stride;  ///< in elements
  bool by_tiles;            ///< of AMX
  // Of bytes only.
  const float* row_scales;
  const std::int32_t* row_zeros;
  const float* column_scales;       ///< [kPanelColumns]
  const std::int32_t* column_sums;  ///< likewise, of the bytes
};

/// A block of dW (+)= dy^T x: `out` rows, and at most kPanelColumns columns. The operands are made of units along the rows
/// of dy and x, by turn_rows() and pair_rows().
template <typename T>
struct WeightGradient {
  std::int64_t rows;            ///< of dy and x
  std::int64_t out, in;         ///< of the block; in is a multiple of 16
  const std::uint32_t* turned;  ///< of dy: [out, turned_stride]
  std::int64_t turned_stride;   ///< in units
  const std::uint32_t* panel;   ///< of x: [units of the rows, kPanelColumns]
  float* sum;
  std::int64_t sum_stride;
  bool add;       ///< else what `sum` holds is not read
  bool by_tiles;  ///< of AMX
};

/// The kernels for activations of type T: references, so that none can be left out.
template <typename T>
struct Kernels {
  /// out = activation(product + bias).
  /// \param bias [columns] or null; out may be the product
  void (&bias_activation)(const T* product, const float* bias, T* out, std::int64_t rows, std::int64_t columns,
                          Activation);
  /// grad_product = grad * activation'(product + bias); its column sums are added to bias_sum [columns]
  void (&bias_activation_backward)(const T* grad, const T* product, const float* bias, T* grad_product, float* bias_sum,
                                   std::int64_t rows, std::int64_t columns, Activation);
  /// x[r][c] += bias[c]
  void (&add_bias)(T* x, const float* bias, std::int64_t rows, std::int64_t columns);
  /// sum[c] += x[r][c] over the rows
  void (&column_sum)(const T* x, float* sum, std::int64_t rows, std::int64_t columns);
  void (&dropout)(const T* x, T* out, std::int64_t rows, std::int64_t columns, const DropoutSite& site);
  void (&layer_norm)(const LayerNormRows<T>& rows, const float* beta, float epsilon, T* out);
  /// grad_x and grad_residual (may be the same where nothing is dropped); gamma_sum and beta_sum [columns] are added to
  void (&layer_norm_backward)(const LayerNormRows<T>& rows, const T* grad, T* grad_x, T* grad_residual,
                              float* gamma_sum, float* beta_sum);
  /// losses[r] = sum over c of target[r][c] (log_sums[r] - logits[r][c]), where target[r] is 1 at the label unless the
  /// classes have weights or are smoothed
  void (&cross_entropy)(const T* logits, const std::int64_t* labels, const CrossEntropyClasses& classes, float* losses,
                        float* log_sums, std::int64_t rows);
  /// grad_logits = (softmax(logits) sum(target) - target) * grad
  void (&cross_entropy_backward)(const T* logits, const std::int64_t* labels, const CrossEntropyClasses& classes,
                                 const float* log_sums, float grad, T* grad_logits, std::int64_t rows);
  /// Bytes of scratch memory, aligned to 64, that attention and attention_backward need.
  std::size_t (&attention_scratch)(const AttentionHead<T>& head, bool backward);
  void (&attention)(const AttentionHead<T>& head, std::byte* scratch);
  void (&attention_backward)(const AttentionHead<T>& head, std::byte* scratch);
  /// bytes [rows, stride], scales and zeros [rows] of x [rows, columns]: what int8_product reads; stride >= columns
  void (&round_rows)(const T* x, std::int64_t rows, std::int64_t columns, std::uint8_t* bytes, std::int64_t stride,
                     float* scales, std::int32_t* zeros);
  void (&int8_product)(const PanelProduct<T>& product);
  /// Of rows and a panel of type T; in bfloat16 from kAvx512 on.
  void (&panel_product)(const PanelProduct<T>& product);
  /// Columns of x [rows, stride] as rows of units: turned [columns, turned_stride], zero up to a multiple of a
  /// vector's units.
  void (&turn_rows)(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, std::uint32_t* turned,
                    std::int64_t turned_stride);
  /// At most kPanelColumns rows of x as the columns of a panel, units along the rows of x.
  /// \param columns a multiple of 16 units, as is the stride of one
  void (&turn_units)(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, std::uint32_t* panel);
  /// At most kPanelColumns columns of x as a panel, zero up to a multiple of 16 units.
  void (&pair_rows)(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, std::uint32_t* panel);
  void (&weight_gradient)(const WeightGradient<T>& gradient);
};

/// In rising order. kAmx is kAvx512 with the tiles of AMX.
enum class InstructionSet { kBaseline, kAvx2, kAvx512, kAmx };

/// The best set that the processor has and the program was built for.
InstructionSet best_instruction_set();

/// The set in use; the best one unless a test chose another.
/// Throws InternalError if the processor lacks it.
InstructionSet instruction_set();
void use_instruction_set(InstructionSet set);

template <typename T>
const Kernels<T>& kernels_of();

/// All kernels of one instruction set; table.cpp defines one for each.
struct KernelTable {
  Kernels<float> of_float;
  Kernels<Bfloat16> of_bfloat16;
};
namespace baseline {
extern const KernelTable kTable;
}
namespace avx2 {
extern const KernelTable kTable;
}
namespace avx512 {
extern const KernelTable kTable;
}

}  // namespace albert::ops::kernels
