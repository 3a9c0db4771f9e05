#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <vector>

#include "inference/npy.h"
#include "inference/open_model.h"
#include "inference/record_stream.h"

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

  /// The nearest vectors to each query, the nearest first, of equals the earlier one.
  /// \param queries [Q, H] of length 1
  /// \param top_k at most so many for each; fewer if the index has fewer
  std::vector<std::vector<Neighbour>> search(std::span<const float> queries, std::int64_t top_k) const;

 private:
  NpyMatrix vectors_;
};

struct SearchOptions : StreamOptions {
  std::filesystem::path index;  ///< what embed() wrote
  std::int64_t top_k = 5;
  bool json = false;  ///< an object a line for each query
};

/// Answers queries, a line each, with the nearest vectors of an index: rank, cosine, line of the index from 1, and the
/// text where it is kept beside the index.
/// An index whose replacement was stopped by a kill is made whole first.
/// Throws DataError for an index of vectors of another size than the model's, or of another origin, see check_origin(),
/// for kept texts without an origin, and where only parts of an index are there; as finish_replacement().
StreamReport search(const EmbeddingModel& opened, int input, std::FILE* output, const SearchOptions& options);

}  // namespace albert::inference
