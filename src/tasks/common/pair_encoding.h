#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/item.h"
#include "text/tokenizer.h"

namespace albert::tasks {

/// Shortens two texts to `max_tokens` together: one token at a time leaves the end of the longer one, of the second if
/// they are equally long (google-research/albert classifier_utils.py:751-765).
/// \return how many tokens were cut
std::size_t truncate_pair(std::vector<std::int32_t>& first, std::vector<std::int32_t>& second, std::size_t max_tokens);

/// [CLS] A [SEP].
model::Sequence make_sequence(const text::SpecialIds& special, const std::vector<std::int32_t>& text);
/// [CLS] A [SEP] B [SEP].
model::Sequence make_sequence(const text::SpecialIds& special, const std::vector<std::int32_t>& first,
                              const std::vector<std::int32_t>& second);

}  // namespace albert::tasks
