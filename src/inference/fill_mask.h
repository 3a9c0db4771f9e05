#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/pretraining.h"

namespace albert::text {
class Tokenizer;
}

namespace albert::inference {

struct Candidate {
  std::int32_t id;
  std::string token;  ///< the piece as the vocabulary spells it
  double probability;
};

/// What a model puts in the place of one mask.
struct FilledMask {
  std::int64_t position;               ///< of the mask among the tokens of "[CLS] text [SEP]", from 0
  std::vector<Candidate> predictions;  ///< the most probable first
};

/// The most probable words for every "[MASK]" of the text, each on its own.
/// \param top_k predictions per mask; at most the size of the vocabulary
/// Throws DataError if the text has no mask, or more tokens than the model has positions.
std::vector<FilledMask> fill_mask(const model::AlbertForPretraining& model, const text::Tokenizer& tokenizer,
                                  std::string_view text, std::int64_t top_k);

}  // namespace albert::inference
