#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/item.h"
#include "text/tokenizer.h"

namespace albert::tasks {

/// Which side of a text is left out where the text is too long.
enum class CutSide { kEnd, kBeginning };

/// Shortens a text to `max_tokens`.
/// \return how many tokens were cut
std::size_t truncate(std::vector<std::int32_t>& text, std::size_t max_tokens, CutSide side);

/// Shortens two texts to `max_tokens` together: one token at a time leaves the longer one, the second if they are
/// equally long (google-research/albert classifier_utils.py:751-765).
/// \return how many tokens were cut
std::size_t truncate_pair(std::vector<std::int32_t>& first, std::vector<std::int32_t>& second, std::size_t max_tokens,
                          CutSide side = CutSide::kEnd);

/// [CLS] A [SEP].
model::Sequence make_sequence(const text::SpecialIds& special, const std::vector<std::int32_t>& text);
/// [CLS] A [SEP] B [SEP].
model::Sequence make_sequence(const text::SpecialIds& special, const std::vector<std::int32_t>& first,
                              const std::vector<std::int32_t>& second);

}  // namespace albert::tasks
