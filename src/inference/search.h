#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>

#include "inference/open_model.h"
#include "inference/record_stream.h"

namespace albert::inference {

struct SearchOptions : StreamOptions {
  std::filesystem::path index;  ///< what embed() wrote
  std::int64_t top_k = 5;
  bool json = false;  ///< an object a line for each query
};

/// Answers queries, a line each, with the nearest vectors of an index: rank, cosine, line of the index from 1, and the
/// text where it is kept beside the index. Throws DataError for an index of vectors of another size than the model's,
/// or of another origin, see check_origin(), and for kept texts without an origin.
StreamReport search(const EmbeddingModel& opened, int input, std::FILE* output, const SearchOptions& options);

}  // namespace albert::inference
