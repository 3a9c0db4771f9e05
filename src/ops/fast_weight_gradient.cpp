#include <algorithm>

#include <ATen/ATen.h>

#include "ops/fast.h"
#include "ops/fast_support.h"

namespace albert::ops::fast {

namespace {

using kernels::kDepthStep;
using kernels::kPanelColumns;

/// Rows of both operands that are multiplied at a time: a panel of them and some columns of the gradient stay in the
/// second-level cache.
constexpr std::int64_t kRowsAtOnce = 1024;
/// Rows of the sum that a thread takes at a time.
constexpr std::int64_t kSumRows = 256;

std::int64_t pieces_of(std::int64_t size, std::int64_t piece) {
  return (size + piece - 1) / piece;
}

/// One block of rows of both operands.
template <typename T>
void add_block(const at::Tensor& grad, const at::Tensor& x, const at::Tensor& sum, bool add, bool by_tiles,
               const at::Tensor& turned, const at::Tensor& paired) {
  const kernels::Kernels<T>& k = kernels::kernels_of<T>();
  const std::int64_t rows = grad.size(0), out = grad.size(1), in = x.size(1);
  const std::int64_t columns_at_once = 64;
  at::parallel_for(0, pieces_of(out, columns_at_once) + pieces_of(in, kPanelColumns), 1,
                   [&](std::int64_t begin, std::int64_t end) {
                     for (std::int64_t piece = begin; piece < end; ++piece) {
                       const std::int64_t panel = piece - pieces_of(out, columns_at_once);
                       if (panel < 0) {
                         const std::int64_t c = piece * columns_at_once;
                         k.turn_rows(data<T>(grad) + c, grad.stride(0), rows, std::min(columns_at_once, out - c),
                                     data<std::uint32_t>(turned) + c * turned.size(1), turned.size(1));
                       } else {
                         const std::int64_t c = panel * kPanelColumns;
                         k.pair_rows(data<T>(x) + c, x.stride(0), rows, std::min(kPanelColumns, in - c),
                                     data<std::uint32_t>(paired) + panel * paired.size(1) * kPanelColumns);
                       }
                     }
                   });
  const std::int64_t heights = pieces_of(out, kSumRows);
  at::parallel_for(0, heights * pieces_of(in, kPanelColumns), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t piece = begin; piece < end; ++piece) {
      const std::int64_t panel = piece / heights, first = piece % heights * kSumRows;
      const std::int64_t c = panel * kPanelColumns;
      k.weight_gradient({.rows = rows,
                         .out = std::min(kSumRows, out - first),
                         .in = std::min(kPanelColumns, in - c),
                         .turned = data<std::uint32_t>(turned) + first * turned.size(1),
                         .turned_stride = turned.size(1),
                         .panel = data<std::uint32_t>(paired) + panel * paired.size(1) * kPanelColumns,
                         .sum = data<float>(sum) + first * in + c,
                         .sum_stride = in,
                         .add = add,
                         .by_tiles = by_tiles});
    }
  });
}

}  // namespace

bool adds_weight_gradients(const at::Tensor& grad, const at::Tensor& x) {
  return takes(grad) && grad.scalar_type() == at::kBFloat16 && grad.stride(1) == 1 && x.stride(1) == 1 &&
         x.size(1) % kDepthStep == 0 && kernels::instruction_set() == kernels::InstructionSet::kAmx;
}

void add_weight_gradient(const at::Tensor& grad, const at::Tensor& x, const at::Tensor& sum, bool add) {
  if (grad.size(0) == 0 && !add) sum.zero_();
  const bool has_pairs =
      grad.scalar_type() == at::kBFloat16 && kernels::instruction_set() >= kernels::InstructionSet::kAvx512;
  const std::int64_t in_unit = has_pairs ? 2 : 1;
  const std::int64_t units = pieces_of(std::min(kRowsAtOnce, grad.size(0)), in_unit * kDepthStep) * kDepthStep;
  // A power of two from row to row would put all rows of a tile into the same few places of the first-level cache.
  const at::Tensor turned = at::empty({grad.size(1), units + kDepthStep}, at::kInt);
  const at::Tensor paired = at::empty({pieces_of(x.size(1), kPanelColumns), units, kPanelColumns}, at::kInt);
  const bool by_tiles = kernels::instruction_set() == kernels::InstructionSet::kAmx;
  for (std::int64_t row = 0; row < grad.size(0); row += kRowsAtOnce) {
    const std::int64_t end = std::min(row + kRowsAtOnce, grad.size(0));
    with_type(grad.scalar_type(), [&]<typename T>(T) {
      add_block<T>(grad.slice(0, row, end), x.slice(0, row, end), sum, add || row > 0, by_tiles, turned, paired);
    });
  }
}

}  // namespace albert::ops::fast
