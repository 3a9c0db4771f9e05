#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>

#include "inference/open_model.h"
#include "inference/record_stream.h"
#include "inference/text_index.h"

namespace albert::inference {

struct SearchOptions : StreamOptions {
  std::filesystem::path index;  ///< what embed() wrote
  std::int64_t top_k = 5;
  bool json = false;  ///< an object a line for each query
};

/// Answers queries, a line each, with the nearest vectors of an index: rank, cosine, line of the index from 1, and the
/// text where it is kept beside the index.
/// Throws as TextIndex.
StreamReport search(const EmbeddingModel& opened, int input, std::FILE* output, const SearchOptions& options);

}  // namespace albert::inference
