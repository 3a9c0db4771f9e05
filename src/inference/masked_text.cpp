#include "inference/masked_text.h"

#include "base/error.h"
#include "model/pack.h"

namespace albert::inference {

MaskedText encode_masked(const text::Tokenizer& tokenizer, std::string_view text, std::int64_t max_length) {
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
  if (masked.positions.empty()) throw DataError("there is nothing to fill in: the text holds no [MASK]: \"{}\"", text);
  if (static_cast<std::int64_t>(masked.ids.size()) > max_length) {
    throw DataError("the text has {} tokens with [CLS] and [SEP], but the model has {} positions; shorten the text",
                    masked.ids.size(), max_length);
  }
  return masked;
}

at::Tensor masked_logits(const model::AlbertForPretraining& model, const text::Tokenizer& tokenizer,
                         const std::vector<std::int32_t>& ids, const std::vector<std::int32_t>& positions) {
  const at::NoGradGuard no_gradients;
  const std::vector<std::int32_t> unknown_labels(positions.size(), 0);
  const model::PretrainingView view{{ids, {}}, positions, unknown_labels, -1};
  const model::PretrainingBatch batch = model::pack_pretraining({&view, 1}).to(model.compute().device);
  const at::Tensor scores = model.logits(batch).masked_lm;
  // Some published models have more rows than their vocabulary has pieces.
  return scores.narrow(1, 0, tokenizer.vocabulary_size()).to(at::kCPU, at::kFloat);  // [P, V]
}

}  // namespace albert::inference
