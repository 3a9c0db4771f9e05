#pragma once

#include <cstdint>
#include <vector>

namespace albert::model {

/// A sequence for the encoder as plain arrays: [CLS] A [SEP], or [CLS] A [SEP] B [SEP].
struct Sequence {
  std::vector<std::int32_t> token_ids;  ///< [L], with the special tokens
  std::int32_t first_length = 0;        ///< tokens of segment 0, with the first [SEP]; the others are of segment 1
};

/// One unit of fine-tuning and prediction: what goes through the model together, and what its head is asked about it.
/// Which members are used depends on the head, see HeadKind.
struct Item {
  std::vector<Sequence> sequences;      ///< [S], at least one; most heads take one
  std::vector<std::int32_t> positions;  ///< [P] in the only sequence, of the tokens that the head reads, in any order
  std::vector<std::int64_t> labels;     ///< what is right, as numbers of classes; empty: not known
  std::vector<float> values;            ///< what is right, as numbers; empty: not known

  std::int64_t num_tokens() const {
    std::int64_t sum = 0;
    for (const Sequence& sequence : sequences) sum += static_cast<std::int64_t>(sequence.token_ids.size());
    return sum;
  }
};

}  // namespace albert::model
