#pragma once

#include <memory>
#include <string_view>

#include "text/tokenizer.h"

namespace albert::fuzz {

/// A WordPiece vocabulary of the letters, digits and signs of ASCII.
std::shared_ptr<const text::Tokenizer> letter_tokenizer();

/// Encodes a text in each way, and decodes it; requires what every tokenizer promises of ids and places.
/// Throws as the tokenizer does.
void use(const text::Tokenizer& tokenizer, std::string_view text);

}  // namespace albert::fuzz
