#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "interop/graph.h"

namespace albert::interop {

/// A matrix in whole numbers, one scale a row: W[r, c] is about scales[r] * values[r, c]. Zero stays zero.
struct QuantizedRows {
  std::int64_t num_rows = 0;
  std::int64_t num_columns = 0;
  std::vector<std::int8_t> values;  ///< in rows, within [-largest, largest]
  std::vector<float> scales;        ///< [num_rows]; 1 for a row of zeros, or nearly so
};

/// Rounds a matrix [rows, columns] to the nearest whole numbers, such that the largest of each row becomes `largest`.
/// 127 uses all of int8. Processors without VNNI add two products in 16 bits, where those of larger weights overflow;
/// 63 is safe for them.
/// \param name of the matrix, for messages
/// Throws ModelError if a number is not finite.
QuantizedRows quantize_rows(const std::string& name, const Weight& matrix, int largest = 127);

}  // namespace albert::interop
