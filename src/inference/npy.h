#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/atomic_file.h"
#include "base/mapped_file.h"

namespace albert::inference {

/// Writes an array as NumPy's format 1.0 row by row (numpy.lib.format); the file appears whole or not at all.
class NpyWriter {
 public:
  /// A matrix of float32.
  NpyWriter(const std::filesystem::path& path, std::int64_t num_columns) : NpyWriter(path, "<f4", num_columns) {}
  static NpyWriter of_floats(const std::filesystem::path& path) { return {path, "<f4", std::nullopt}; }    ///< [N]
  static NpyWriter of_integers(const std::filesystem::path& path) { return {path, "<i8", std::nullopt}; }  ///< [N]

  /// \param values a row of the matrix, or any number of a vector's elements
  void add(std::span<const float> values);
  void add(std::span<const std::int64_t> values);
  void commit();

 private:
  NpyWriter(const std::filesystem::path& path, std::string type, std::optional<std::int64_t> num_columns);
  void add(std::string_view bytes, std::size_t num_values, std::string_view type);
  std::string header() const;

  std::unique_ptr<AtomicFile> file_;
  std::string type_;  ///< as numpy.dtype.str
  std::optional<std::int64_t> num_columns_;
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
  /// Throws IoError if values were read that the file has no more: another program has cut it short.
  void check() const { file_.check(); }

 private:
  MappedFile file_;
  std::array<std::int64_t, 2> shape_{};
  std::span<const float> values_;
};

}  // namespace albert::inference
