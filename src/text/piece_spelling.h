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

/// How a piece is spelled. Throws DataError for an id outside the vocabulary.
PieceSpelling spelling_of(const Tokenizer& tokenizer, std::int32_t id);

}  // namespace albert::text
