#include "interop/quantize.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace albert::interop {

QuantizedRows quantize_rows(const std::string& name, const Weight& matrix, int largest) {
  if (matrix.shape.size() != 2) throw InternalError("{}: rows of {} dimensions", name, matrix.shape.size());
  QuantizedRows quantized{matrix.shape[0], matrix.shape[1], {}, {}};
  quantized.values.reserve(matrix.values.size());
  const auto width = static_cast<std::size_t>(quantized.num_columns);
  for (std::size_t begin = 0; begin < matrix.values.size(); begin += width) {
    const auto row = matrix.values.subspan(begin, width);
    float extreme = 0;
    for (const float value : row) {
      if (!std::isfinite(value)) {
        throw ModelError(
            "{}: expected finite numbers to round to int8, found {}; the training has failed, or the file is "
            "damaged",
            name, value);
      }
      extreme = std::max(extreme, std::abs(value));
    }
    // 0 also where the largest number is too small to be divided: such a row counts as one of zeros.
    const float scale = extreme / static_cast<float>(largest);
    quantized.scales.push_back(scale > 0 ? scale : 1);
    for (const float value : row) {
      const int rounded = scale > 0 ? static_cast<int>(std::nearbyint(value / scale)) : 0;
      quantized.values.push_back(static_cast<std::int8_t>(std::clamp(rounded, -largest, largest)));
    }
  }
  return quantized;
}

}  // namespace albert::interop
