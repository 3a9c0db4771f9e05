#pragma once

#include <span>

#include "inference/scoring.h"
#include "model/item.h"
#include "model/pretraining.h"
#include "text/tokenizer.h"

namespace albert::inference {

/// Texts as sparse vectors, a number for each piece of the vocabulary (SPLADE-max; Formal et al., arXiv 2109.10086):
/// log(1 + max(0, logit)) of the masked-word head, of all tokens of a text the largest. The items go through the model
/// together; what an item gets does not depend on the others.
/// \param items of one sequence each
/// \param take gets [V] of each, V the size of the vocabulary
/// Throws NumericalError if the scores hold NaN or Inf.
void word_weights(const model::AlbertForPretraining& model, const text::Tokenizer& tokenizer,
                  std::span<const model::Item* const> items, const TakeScores& take);

}  // namespace albert::inference
