#include <algorithm>

#include <ATen/ATen.h>

#include "inference/masked_window.h"

namespace albert::inference {

void MaskedWindow::take_scores(std::size_t index, std::span<const float> scores) {
  const at::NoGradGuard no_gradients;
  const std::vector<std::int32_t>& positions = items_[index].positions;
  const at::Tensor logits =
      at::from_blob(const_cast<float*>(scores.data()), {std::ssize(positions), tokenizer_.vocabulary_size()},
                    at::kFloat);                                                                 // [P, V]
  const at::Tensor probabilities = at::softmax(logits, 1, at::kFloat);                           // [P, V]
  const auto [best, best_ids] = probabilities.topk(std::min(top_k_, probabilities.size(1)), 1);  // [P, K] twice
  filled_[index].clear();
  for (std::int64_t p = 0; p < best.size(0); ++p) {
    FilledMask& mask =
        filled_[index].emplace_back(FilledMask{.position = positions[static_cast<std::size_t>(p)], .predictions = {}});
    for (std::int64_t k = 0; k < best.size(1); ++k) {
      const auto id = static_cast<std::int32_t>(best_ids[p][k].item<std::int64_t>());
      mask.predictions.push_back({id, std::string(tokenizer_.piece(id)), best[p][k].item<double>()});
    }
  }
}

}  // namespace albert::inference
