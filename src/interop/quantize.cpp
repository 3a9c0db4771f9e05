#include "interop/quantize.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace albert::interop {

QuantizedRows quantize_rows(const Weight& matrix, int largest) {
  if (matrix.shape.size() != 2) throw InternalError("rows of a tensor of {} dimensions", matrix.shape.size());
  QuantizedRows quantized{matrix.shape[0], matrix.shape[1], {}, {}};
  quantized.values.reserve(matrix.values.size());
  const auto width = static_cast<std::size_t>(quantized.num_columns);
  for (std::size_t begin = 0; begin < matrix.values.size(); begin += width) {
    const auto row = matrix.values.subspan(begin, width);
    float extreme = 0;
    for (const float value : row) extreme = std::max(extreme, std::abs(value));
    const float scale = extreme > 0 ? extreme / static_cast<float>(largest) : 1;
    quantized.scales.push_back(scale);
    for (const float value : row) {
      const int rounded = static_cast<int>(std::nearbyint(value / scale));
      quantized.values.push_back(static_cast<std::int8_t>(std::clamp(rounded, -largest, largest)));
    }
  }
  return quantized;
}

}  // namespace albert::interop
