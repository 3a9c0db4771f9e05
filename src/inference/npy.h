#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "base/atomic_file.h"
#include "base/mapped_file.h"

namespace albert::inference {

/// Writes a matrix of float32 as NumPy's format 1.0 row by row (numpy.lib.format); the file appears whole or not at
/// all.
class NpyWriter {
 public:
  NpyWriter(const std::filesystem::path& path, std::int64_t num_columns);

  /// \param row [num_columns]
  void add(std::span<const float> row);
  void commit();

 private:
  AtomicFile file_;
  std::int64_t num_columns_;
  std::int64_t num_rows_ = 0;
};

/// A matrix of float32 in a .npy file, mapped: memory does not grow with its size.
class NpyMatrix {
 public:
  /// Throws IoError; DataError for what is no two-dimensional array of little-endian float32 in C order, or is cut
  /// short.
  explicit NpyMatrix(const std::filesystem::path& path);

  std::int64_t num_rows() const { return shape_[0]; }
  std::int64_t num_columns() const { return shape_[1]; }
  /// [num_rows, num_columns]
  std::span<const float> values() const { return values_; }
  const std::filesystem::path& path() const { return file_.path(); }

 private:
  MappedFile file_;
  std::array<std::int64_t, 2> shape_{};
  std::span<const float> values_;
};

}  // namespace albert::inference
