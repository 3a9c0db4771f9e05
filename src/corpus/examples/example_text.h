#pragma once

#include <string>

#include "corpus/examples/examples.h"

namespace albert::corpus {

/// An example for people: its labels, its segments with the masked words marked (`[MASK=quick]` hidden, `[cat=quick]`
/// replaced, `[quick=quick]` kept), and a table of what is to be predicted. Lines end in "\n".
std::string example_text(const Example& example, const text::Tokenizer& tokenizer, PairObjective objective);

/// The same for programs, a JSON object in one line: `input_ids` (masked), `token_type_ids`, `masked_positions`,
/// `labels` (the original ids there) and `order_label` (0 in order or next, 1 swapped or not next, -1 without such an
/// objective).
std::string example_json(const Example& example);

}  // namespace albert::corpus
