#pragma once

#include <cstdint>
#include <string_view>

#include "text/tokenizer.h"

namespace albert::text {

/// A piece as people read it.
struct PieceSpelling {
  std::string_view text;  ///< without the mark of the vocabulary's kind; lives as long as the tokenizer
  bool begins_word;       ///< stands apart from what is before it
};

/// How a piece is spelled.
/// Throws DataError for an id outside the vocabulary.
PieceSpelling spelling_of(const Tokenizer& tokenizer, std::int32_t id);

/// Whether a SentencePiece piece begins a word for whole-word masking: it begins with "▁" or "<", or holds a character
/// other than English letters and some signs. So digits, apostrophes and foreign letters are words of their own.
/// Source: google-research/albert create_pretraining_data.py:393-407.
bool piece_starts_word(std::string_view piece);

}  // namespace albert::text
