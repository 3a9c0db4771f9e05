// What LibTorch computes for the routes of the server, in its place: right in form, without a model.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "inference/masked_window.h"
#include "inference/vector_index.h"

namespace albert::inference {

std::vector<std::vector<Neighbour>> VectorIndex::search(std::span<const float> queries, std::int64_t top_k) const {
  std::vector<Neighbour> nearest;
  for (std::int64_t row = 0; row < std::min(top_k, num_rows()); ++row) nearest.push_back({row, 0.5F});
  return std::vector(queries.size() / static_cast<std::size_t>(size()), nearest);
}

void MaskedWindow::take_scores(std::size_t index, std::span<const float> scores) {
  filled_[index].clear();
  for (const std::int32_t position : items_[index].positions) {
    FilledMask& mask = filled_[index].emplace_back(FilledMask{.position = position, .predictions = {}});
    for (std::int32_t id = 0; id < std::min<std::int64_t>(top_k_, tokenizer_.vocabulary_size()); ++id) {
      mask.predictions.push_back({id, std::string(tokenizer_.piece(id)), scores.front()});
    }
  }
}

}  // namespace albert::inference
