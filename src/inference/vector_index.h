#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "inference/npy.h"

namespace albert::inference {

struct Neighbour {
  std::int64_t row;  ///< row of the index, from 0
  float cosine;
};

/// Vectors to be searched exactly: every one is compared with every query, a block at a time, so that an index larger
/// than memory is read through once for many queries.
class VectorIndex {
 public:
  /// \param path of a .npy file; see NpyMatrix. The vectors may be of any length.
  explicit VectorIndex(const std::filesystem::path& path) : vectors_(path) {}

  std::int64_t num_rows() const { return vectors_.num_rows(); }
  std::int64_t size() const { return vectors_.num_columns(); }  ///< H
  const std::filesystem::path& path() const { return vectors_.path(); }

  /// The nearest vectors to each query, the nearest first, of equals the earlier one. Safe to call from several threads.
  /// \param queries [Q, H] of length 1
  /// \param top_k at most so many for each; fewer if the index has fewer
  /// Throws IoError if the file was cut short, or its disk fails.
  std::vector<std::vector<Neighbour>> search(std::span<const float> queries, std::int64_t top_k) const;

 private:
  NpyMatrix vectors_;
};

}  // namespace albert::inference
