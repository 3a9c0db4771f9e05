#pragma once

#include <string>

#include "tasks/task.h"

namespace albert::tasks {

/// Warns of texts that the vocabulary cannot read: those of another language or script than the model's, or in another
/// encoding than was said, become unknown tokens, of which nothing is learnt.
/// \param tokenizer that encoded them
/// \param name of their file
void warn_of_unknown_tokens(const ItemSet& items, const text::Tokenizer& tokenizer, const std::string& name);

}  // namespace albert::tasks
