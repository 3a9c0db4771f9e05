#include "inference/masked_window.h"

#include <algorithm>
#include <utility>

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/shown.h"
#include "tasks/common/float_digits.h"

namespace albert::inference {

nlohmann::ordered_json to_json(const std::vector<FilledMask>& masks) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const FilledMask& mask : masks) {
    nlohmann::ordered_json predictions = nlohmann::ordered_json::array();
    for (const auto& [id, token, probability] : mask.predictions) {
      predictions.push_back({{"id", id}, {"token", token}, {"probability", tasks::float_digits(probability)}});
    }
    list.push_back({{"position", mask.position}, {"predictions", std::move(predictions)}});
  }
  return list;
}

MaskedText encode_masked(const text::Tokenizer& tokenizer, std::string_view text, std::string_view place) {
  const text::SpecialIds& special = tokenizer.special();
  MaskedText masked;
  masked.ids.push_back(special.cls);
  for (const text::Piece& piece : tokenizer.encode_with_offsets(text, text::SpecialTokens::kParse)) {
    if (piece.id == special.mask) {
      masked.positions.push_back(static_cast<std::int32_t>(masked.ids.size()));
      masked.masks.push_back(piece);
    }
    masked.ids.push_back(piece.id);
  }
  masked.ids.push_back(special.sep);
  if (!masked.positions.empty()) return masked;
  throw DataError("{}{}there is nothing to fill in: the text holds no [MASK]: {}", place, place.empty() ? "" : ": ",
                  in_quotes(text));
}

void MaskedWindow::add(MaskedText masked) {
  const auto length = static_cast<std::int32_t>(masked.ids.size());
  items_.push_back({.sequences = {{.token_ids = std::move(masked.ids), .first_length = length}},
                    .positions = std::move(masked.positions),
                    .labels = {},
                    .values = {}});
  filled_.emplace_back();
}

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
