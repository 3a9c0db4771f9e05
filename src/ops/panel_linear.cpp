#include "ops/panel_linear.h"

#include <algorithm>
#include <atomic>

#include <ATen/ATen.h>

#include "base/error.h"
#include "ops/fast_support.h"

namespace albert::ops {

namespace {

using kernels::kDepthStep;
using kernels::kPanelColumns;

/// Units of 32 bits of the rows that a thread takes through all panels: they stay in the second-level cache.
constexpr std::int64_t kBlockUnits = std::int64_t{64} << 10;
constexpr std::int64_t kBlockRows = 96;  ///< of those a multiple of what the kernels take at a time

std::int64_t rounded_up(std::int64_t n, std::int64_t step) {
  return (n + step - 1) / step * step;
}

/// [out] -> [out and some], zero in the rest
at::Tensor widened(const at::Tensor& x, std::int64_t size) {
  return at::constant_pad_nd(x, {0, size - x.size(0)});
}

/// What the inner dimension is a multiple of.
std::int64_t depth_step(std::int64_t per_unit) {
  return per_unit == 1 ? 1 : kDepthStep * per_unit;
}

/// \param elements [out, in]
Panels panels_of(const at::Tensor& elements) {
  const std::int64_t per_unit = 4 / elements.element_size();
  const std::int64_t out = rounded_up(elements.size(0), kPanelColumns);
  const std::int64_t in = rounded_up(elements.size(1), depth_step(per_unit));
  const at::Tensor all = at::constant_pad_nd(elements, {0, in - elements.size(1), 0, out - elements.size(0)});
  const at::Tensor in_units = all.view({out / kPanelColumns, kPanelColumns, in / per_unit, per_unit});
  return {elements.size(0), elements.size(1), in_units.permute({0, 2, 1, 3}).contiguous(), {}, {}};
}

/// Panels of one block of rows after the other, so that there is work for all threads where there are few rows, and rows
/// stay in the cache where there are many. Threads take what comes next as they get ready: blocks are not all of one
/// height, and other work on the machine may hold one of them up. What is computed does not depend on who does it.
/// \param call what is the same for all of them, x being the first row of all
/// \param multiply gets a call and the number of its first row and of its first column
template <typename T, typename Multiply>
void for_panels(const Panels& weight, std::int64_t rows, const kernels::PanelProduct<T>& call,
                const Multiply& multiply) {
  const std::int64_t panels = weight.elements.size(0);
  const std::int64_t height = std::max<std::int64_t>(1, kBlockUnits / call.depth / kBlockRows) * kBlockRows;
  const std::int64_t pieces = (rows + height - 1) / height * panels;
  std::atomic<std::int64_t> next = 0;
  at::parallel_for(0, std::min<std::int64_t>(at::get_num_threads(), pieces), 1, [&](std::int64_t, std::int64_t) {
    for (std::int64_t piece = next++; piece < pieces; piece = next++) {
      const std::int64_t row = piece / panels * height;
      const std::int64_t panel = piece % panels;
      const std::int64_t column = panel * kPanelColumns;
      kernels::PanelProduct<T> part = call;
      part.rows = std::min(height, rows - row);
      part.columns = std::min(kPanelColumns, weight.out - column);
      part.x += row * call.x_stride;
      part.panel += panel * call.depth * kPanelColumns;
      if (part.bias) part.bias += column;
      part.out += row * call.out_stride + column;
      multiply(part, row, column);
    }
  });
}

/// \param x_stride units from row to row
template <typename T>
kernels::PanelProduct<T> call_of(const void* x, std::int64_t x_stride, const Panels& weight, const at::Tensor& bias,
                                 std::optional<Activation> activation, const at::Tensor& out) {
  kernels::PanelProduct<T> call = {};
  call.depth = weight.elements.size(1);
  call.x = static_cast<const std::uint32_t*>(x);
  call.x_stride = x_stride;
  call.panel = data<std::uint32_t>(weight.elements);
  call.bias = data<float>(bias);
  call.has_activation = activation.has_value();
  call.activation = activation.value_or(Activation::kRelu);
  call.out = data<T>(out);
  call.out_stride = out.size(1);
  call.by_tiles = kernels::instruction_set() == kernels::InstructionSet::kAmx;
  return call;
}

}  // namespace

bool has_panels(at::ScalarType type, std::int64_t in) {
  if (type == at::kFloat) return true;
  return type == at::kBFloat16 && in % depth_step(2) == 0 &&
         kernels::instruction_set() >= kernels::InstructionSet::kAvx512;
}

Panels make_panels(const at::Tensor& weight, at::ScalarType type) {
  if (!has_panels(type, weight.size(1)))
    throw InternalError("no kernel for {} inputs of type {}", weight.size(1), c10::toString(type));
  return panels_of(weight.detach().to(type));
}

std::shared_ptr<const TrainingPanels> make_training_panels(const at::Tensor& weight) {
  if (!weight.is_cpu() || weight.scalar_type() != at::kBFloat16 ||
      kernels::instruction_set() != kernels::InstructionSet::kAmx)
    return nullptr;
  const kernels::Kernels<kernels::Bfloat16>& k = kernels::kernels_of<kernels::Bfloat16>();
  const auto* const from = data<kernels::Bfloat16>(weight);
  const std::int64_t out = weight.size(0), in = weight.size(1);
  // \param fill gets the number of the panel's first output, how many it has, and where it lies
  const auto pack = [](std::int64_t outputs, std::int64_t depth, const auto& fill) {
    Panels panels{outputs, depth, {}, {}, {}};
    if (depth % depth_step(2) != 0) return panels;
    const std::int64_t count = rounded_up(outputs, kPanelColumns) / kPanelColumns;
    panels.elements = at::empty({count, depth / 2, kPanelColumns, 2}, at::kBFloat16);
    auto* const units = data<std::uint32_t>(panels.elements);
    at::parallel_for(0, count, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t panel = begin; panel < end; ++panel) {
        const std::int64_t first = panel * kPanelColumns;
        fill(first, std::min(kPanelColumns, outputs - first), units + first * depth / 2);
      }
    });
    return panels;
  };
  auto made = std::make_shared<TrainingPanels>();
  made->forward = pack(out, in, [&](std::int64_t first, std::int64_t count, std::uint32_t* panel) {
    k.turn_units(from + first * in, in, count, in, panel);
  });
  made->backward = pack(in, out, [&](std::int64_t first, std::int64_t count, std::uint32_t* panel) {
    k.pair_rows(from + first, in, out, count, panel);
  });
  return made;
}

at::Tensor panel_linear(const at::Tensor& x, const Panels& weight, const at::Tensor& bias,
                        std::optional<Activation> activation) {
  if (x.size(1) != weight.in) throw InternalError("{} inputs for a layer of {}", x.size(1), weight.in);
  const std::int64_t per_unit = 4 / x.element_size();
  const at::Tensor rows = x.stride(1) == 1 && x.stride(0) % per_unit == 0 ? x : x.contiguous();
  const at::Tensor shift = bias.defined() ? bias.contiguous() : bias;
  const at::Tensor out = at::empty({x.size(0), weight.out}, x.options());
  with_type(x.scalar_type(), [&]<typename T>(T) {
    for_panels(weight, x.size(0),
               call_of<T>(rows.const_data_ptr(), rows.stride(0) / per_unit, weight, shift, activation, out),
               [](const kernels::PanelProduct<T>& part, std::int64_t /*row*/, std::int64_t /*column*/) {
                 kernels::kernels_of<T>().panel_product(part);
               });
  });
  return out;
}

Int8Rows round_rows(const at::Tensor& x) {
  const at::Tensor dense = x.contiguous();
  const std::int64_t columns = x.size(1);
  const std::int64_t depth = rounded_up(columns, depth_step(4));
  Int8Rows result{columns, x.scalar_type(), at::empty({x.size(0), depth}, at::kByte),
                  at::empty({x.size(0)}, at::kFloat), at::empty({x.size(0)}, at::kInt)};
  if (depth > columns) result.bytes.slice(1, columns).zero_();
  with_type(x.scalar_type(), [&]<typename T>(T) {
    fast::for_rows(x.size(0), [&](std::int64_t begin, std::int64_t end) {
      kernels::kernels_of<T>().round_rows(data<T>(dense) + begin * columns, end - begin, columns,
                                          data<std::uint8_t>(result.bytes) + begin * depth, depth,
                                          data<float>(result.scales) + begin, data<std::int32_t>(result.zeros) + begin);
    });
  });
  return result;
}

Panels make_int8_panels(const at::Tensor& weight) {
  constexpr std::int64_t kMaxInputs = (std::int64_t{1} << 31) / (std::int64_t{255} * 128);
  if (weight.size(1) > kMaxInputs)
    throw InternalError("expected at most {} inputs of a layer in int8, found {}", kMaxInputs, weight.size(1));
  const at::Tensor scales = weight.detach().abs().amax(1) / 127;                    // [out]
  const at::Tensor steps = weight.detach() / scales.clamp_min(1e-30).unsqueeze(1);  // [out, in]
  const at::Tensor bytes = steps.round().clamp(-127, 127).to(at::kChar);            // [out, in]
  Panels result = panels_of(bytes);
  const std::int64_t out = result.elements.size(0) * kPanelColumns;
  result.scales = widened(scales, out);
  result.sums = widened(bytes.sum(1, false, at::kInt), out);
  return result;
}

at::Tensor int8_linear(const Int8Rows& x, const Panels& weight, const at::Tensor& bias,
                       std::optional<Activation> activation) {
  if (x.columns != weight.in) throw InternalError("{} inputs for a layer of {}", x.columns, weight.in);
  const at::Tensor shift = bias.defined() ? bias.contiguous() : bias;
  const at::Tensor out = at::empty({x.bytes.size(0), weight.out}, x.type);
  with_type(x.type, [&]<typename T>(T) {
    for_panels(weight, x.bytes.size(0),
               call_of<T>(x.bytes.const_data_ptr(), x.bytes.size(1) / 4, weight, shift, activation, out),
               [&](kernels::PanelProduct<T> part, std::int64_t row, std::int64_t column) {
                 part.row_scales = data<float>(x.scales) + row;
                 part.row_zeros = data<std::int32_t>(x.zeros) + row;
                 part.column_scales = data<float>(weight.scales) + column;
                 part.column_sums = data<std::int32_t>(weight.sums) + column;
                 kernels::kernels_of<T>().int8_product(part);
               });
  });
  return out;
}

}  // namespace albert::ops
