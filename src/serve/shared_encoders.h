#pragma once

#include <memory>

#include "text/tokenizer.h"

namespace albert::serve {

/// The same tokenizer, whose encoders are light: they share those of the tokenizer, which remember the words that they
/// have seen and hold megabytes. There are as many of these as threads that encode at the same time, however many
/// requests have an encoder of their own while they wait.
std::shared_ptr<const text::Tokenizer> with_shared_encoders(std::shared_ptr<const text::Tokenizer> tokenizer);

}  // namespace albert::serve
