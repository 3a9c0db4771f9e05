#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "tasks/common/sliding_windows.h"
#include "text/tokenizer.h"

/// From answers in a text to tokens, and back.
namespace albert::tasks {

/// A part of a text in bytes, `end` excluded.
struct ByteRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Tokens of a text that cover the bytes from `begin` to `end`, those at the borders whole; nothing if none does.
/// \param pieces of the text, in order
std::optional<TokenRange> tokens_covering(const std::vector<text::Piece>& pieces, ByteRange bytes);

/// The part of the text that tokens stand for, without white space at its ends. Combining marks that normalisation
/// dropped belong to the letter before them.
/// \param tokens not empty
ByteRange bytes_covered(const std::vector<text::Piece>& pieces, TokenRange tokens, std::string_view text);

}  // namespace albert::tasks
