#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>

#include "model/pretraining.h"
#include "text/tokenizer.h"

namespace albert::inference {

/// A text with masks as a model reads it.
struct MaskedText {
  std::vector<std::int32_t> ids;        ///< [L] of "[CLS] text [SEP]"
  std::vector<std::int32_t> positions;  ///< [P] of the masks among the ids, ascending
  std::vector<text::Piece> masks;       ///< [P] the masks with their places in the text
};

/// \param max_length tokens that the model has positions for
/// Throws DataError if the text has no mask, or more tokens than that.
MaskedText encode_masked(const text::Tokenizer& tokenizer, std::string_view text, std::int64_t max_length);

/// What the model says of some tokens, without dropout.
/// \param positions [P] among the ids
/// \return [P, V] logits of the vocabulary's pieces, float32 on the CPU
at::Tensor masked_logits(const model::AlbertForPretraining& model, const text::Tokenizer& tokenizer,
                         const std::vector<std::int32_t>& ids, const std::vector<std::int32_t>& positions);

}  // namespace albert::inference
