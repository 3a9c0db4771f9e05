#include "tasks/common/pair_encoding.h"

namespace albert::tasks {

std::size_t truncate_pair(std::vector<std::int32_t>& first, std::vector<std::int32_t>& second, std::size_t max_tokens) {
  std::size_t num_cut = 0;
  for (; first.size() + second.size() > max_tokens; ++num_cut) {
    (first.size() > second.size() ? first : second).pop_back();
  }
  return num_cut;
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
