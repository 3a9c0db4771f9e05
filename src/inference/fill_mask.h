#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inference/masked_window.h"
#include "model/item.h"
#include "model/pretraining.h"

namespace albert::inference {

/// The most probable words for every "[MASK]" of the text, each on its own.
/// \param top_k predictions per mask; at most the size of the vocabulary
/// Throws DataError if the text has no mask, or more tokens than the model has positions.
std::vector<FilledMask> fill_mask(const model::AlbertForPretraining& model, const text::Tokenizer& tokenizer,
                                  std::string_view text, std::int64_t top_k);

/// What a model says of the positions of some items, which go through it together, without dropout.
/// \param items of one sequence each
/// \return [sum of P, V] logits of the vocabulary's pieces, the items' end to end, float32 on the CPU
at::Tensor masked_logits(const model::AlbertForPretraining& model, const text::Tokenizer& tokenizer,
                         std::span<const model::Item* const> items);

struct IterativeOptions {
  bool sample = false;     ///< draw the pieces; else take the most probable one
  double temperature = 1;  ///< with `sample`: divides the logits
  std::int64_t top_k = 0;  ///< with `sample`: draw from so many of the most probable pieces; 0: from all
  std::uint64_t seed = 1;  ///< with `sample`
};

/// One mask that was filled.
struct FillStep {
  std::int64_t position;  ///< where it stands among the tokens of "[CLS] text [SEP]", from 0
  Candidate chosen;       ///< with its probability before temperature and top_k, among the pieces that are not special
  std::string text;       ///< after the step
};

/// Fills the masks of a text one after another: first the one whose best piece is the most probable (of equals the
/// first), then the model is asked again with that piece in its place (Ghazvininejad et al., arXiv 1904.09324, with one
/// mask a turn). Special tokens are never put in. Only the masks of the text change, and the space before one: a piece
/// that begins a word stands apart from what is before it, one that goes on with a word does not.
/// \return a step for each mask, in the order in which they were filled
/// Throws DataError as fill_mask().
std::vector<FillStep> fill_iteratively(const model::AlbertForPretraining& model, const text::Tokenizer& tokenizer,
                                       std::string_view text, const IterativeOptions& options);

}  // namespace albert::inference
