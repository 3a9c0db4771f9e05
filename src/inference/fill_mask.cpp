#include "inference/fill_mask.h"

#include <algorithm>

#include "inference/masked_text.h"
#include "text/tokenizer.h"

namespace albert::inference {

std::vector<FilledMask> fill_mask(const model::AlbertForPretraining& model, const text::Tokenizer& tokenizer,
                                  std::string_view text, std::int64_t top_k) {
  const MaskedText masked = encode_masked(tokenizer, text, model.config().max_position_embeddings);
  const at::Tensor logits = masked_logits(model, tokenizer, masked.ids, masked.positions);      // [P, V]
  const at::Tensor probabilities = at::softmax(logits, 1, at::kFloat);                          // [P, V]
  const auto [best, best_ids] = probabilities.topk(std::min(top_k, probabilities.size(1)), 1);  // [P, K] twice

  std::vector<FilledMask> result;
  for (std::int64_t p = 0; p < best.size(0); ++p) {
    FilledMask& mask = result.emplace_back(FilledMask{masked.positions[static_cast<std::size_t>(p)], {}});
    for (std::int64_t k = 0; k < best.size(1); ++k) {
      const auto id = static_cast<std::int32_t>(best_ids[p][k].item<std::int64_t>());
      mask.predictions.push_back({id, std::string(tokenizer.piece(id)), best[p][k].item<double>()});
    }
  }
  return result;
}

}  // namespace albert::inference
