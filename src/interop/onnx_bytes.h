#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace albert::interop {

/// The bytes of numbers as they lie in memory, which is little-endian wherever LibTorch runs.
template <typename Number>
std::string bytes_of(std::span<const Number> numbers) {
  std::string bytes(numbers.size_bytes(), '\0');
  if (!numbers.empty()) std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

/// A matrix [rows, columns] as [columns, rows].
template <typename Number>
std::vector<Number> transpose(std::span<const Number> matrix, std::int64_t rows, std::int64_t columns) {
  std::vector<Number> turned(matrix.size());
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < columns; ++c) {
      turned[static_cast<std::size_t>(c * rows + r)] = matrix[static_cast<std::size_t>(r * columns + c)];
    }
  }
  return turned;
}

}  // namespace albert::interop
