#include "tasks/common/pair_encoding.h"

namespace albert::tasks {

std::size_t truncate(std::vector<std::int32_t>& text, std::size_t max_tokens, CutSide side) {
  if (text.size() <= max_tokens) return 0;
  const std::size_t num_cut = text.size() - max_tokens;
  if (side == CutSide::kBeginning) text.erase(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(num_cut));
  text.resize(max_tokens);
  return num_cut;
}

std::size_t truncate_pair(std::vector<std::int32_t>& first, std::vector<std::int32_t>& second, std::size_t max_tokens,
                          CutSide side) {
  std::size_t first_left = first.size(), second_left = second.size();
  while (first_left + second_left > max_tokens) --(first_left > second_left ? first_left : second_left);
  return truncate(first, first_left, side) + truncate(second, second_left, side);
}

model::Sequence make_sequence(const text::SpecialIds& special, const std::vector<std::int32_t>& text) {
  model::Sequence sequence;
  sequence.token_ids.reserve(text.size() + 2);
  sequence.token_ids.push_back(special.cls);
  sequence.token_ids.insert(sequence.token_ids.end(), text.begin(), text.end());
  sequence.token_ids.push_back(special.sep);
  sequence.first_length = static_cast<std::int32_t>(sequence.token_ids.size());
  return sequence;
}

model::Sequence make_sequence(const text::SpecialIds& special, const std::vector<std::int32_t>& first,
                              const std::vector<std::int32_t>& second) {
  model::Sequence sequence = make_sequence(special, first);
  sequence.token_ids.insert(sequence.token_ids.end(), second.begin(), second.end());
  sequence.token_ids.push_back(special.sep);
  return sequence;
}

}  // namespace albert::tasks
