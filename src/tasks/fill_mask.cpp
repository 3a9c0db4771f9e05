#include "tasks/fill_mask.h"

#include <algorithm>

#include "base/error.h"
#include "model/compute_weight.h"
#include "model/pack.h"
#include "text/tokenizer.h"

namespace albert::tasks {

namespace {

std::vector<std::int32_t> encode(const text::Tokenizer& tokenizer, std::string_view text) {
  std::vector<std::int32_t> ids{tokenizer.special().cls};
  for (const text::Piece& piece : tokenizer.encode_with_offsets(text, text::SpecialTokens::kParse))
    ids.push_back(piece.id);
  ids.push_back(tokenizer.special().sep);
  return ids;
}

std::vector<std::int32_t> find_all(const std::vector<std::int32_t>& ids, std::int32_t wanted) {
  std::vector<std::int32_t> positions;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] == wanted) positions.push_back(static_cast<std::int32_t>(i));
  }
  return positions;
}

}  // namespace

std::vector<FilledMask> fill_mask(model::AlbertForPretraining& model, const text::Tokenizer& tokenizer,
                                  std::string_view text, std::int64_t top_k, model::Precision precision) {
  const std::vector<std::int32_t> ids = encode(tokenizer, text);
  const std::vector<std::int32_t> positions = find_all(ids, tokenizer.special().mask);
  const std::int64_t max_length = model.config().max_position_embeddings;
  if (positions.empty()) throw DataError("there is nothing to fill in: the text holds no [MASK]: \"{}\"", text);
  if (static_cast<std::int64_t>(ids.size()) > max_length) {
    throw DataError("the text has {} tokens with [CLS] and [SEP], but the model has {} positions; shorten the text",
                    ids.size(), max_length);
  }

  const at::NoGradGuard no_gradients;
  model::refresh_compute_weights(model, precision);
  const std::vector<std::int32_t> unknown_labels(positions.size(), 0);
  const model::PretrainingView view{{ids, {}}, positions, unknown_labels, -1};
  const at::Tensor scores = model.logits(model::pack_pretraining({&view, 1})).masked_lm;
  // Some published models have more rows than their vocabulary has pieces.
  const at::Tensor logits = scores.narrow(1, 0, tokenizer.vocabulary_size());                   // [P, V]
  const at::Tensor probabilities = at::softmax(logits, 1, at::kFloat);                          // [P, V]
  const auto [best, best_ids] = probabilities.topk(std::min(top_k, probabilities.size(1)), 1);  // [P, K] twice

  std::vector<FilledMask> result;
  for (std::int64_t p = 0; p < best.size(0); ++p) {
    FilledMask& mask = result.emplace_back(FilledMask{positions[static_cast<std::size_t>(p)], {}});
    for (std::int64_t k = 0; k < best.size(1); ++k) {
      const auto id = static_cast<std::int32_t>(best_ids[p][k].item<std::int64_t>());
      mask.predictions.push_back({id, std::string(tokenizer.piece(id)), best[p][k].item<double>()});
    }
  }
  return result;
}

}  // namespace albert::tasks
