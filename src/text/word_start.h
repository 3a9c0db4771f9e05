#pragma once

#include <string_view>

namespace albert::text {

/// Whether a SentencePiece piece begins a word for whole-word masking: it begins with "▁" or "<", or holds a character
/// other than English letters and some signs. So digits, apostrophes and foreign letters are words of their own.
/// Source: google-research/albert create_pretraining_data.py:393-407.
bool piece_starts_word(std::string_view piece);

}  // namespace albert::text
