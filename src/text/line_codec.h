#pragma once

#include <iosfwd>

#include "text/tokenizer.h"

namespace albert::text {

/// How the lines of encode_lines and decode_lines look.
struct LineFormat {
  bool pieces = false;   ///< pieces ("▁the") instead of ids
  bool offsets = false;  ///< encode: behind each its place in its text, ":begin:end", counted in characters
  bool special = true;   ///< encode: put [CLS] and [SEP] around the text. decode: keep special tokens
  bool pair = false;     ///< encode: a line holds two texts, apart by its first tab: [CLS] A [SEP] B [SEP]
};

/// Writes one line of ids or pieces, apart by a space, for every line of input; special tokens in the text are parsed.
/// Memory does not grow with the input, and what is written is flushed whenever the input has nothing more at once, so
/// it serves a dialogue too.
/// \param input a descriptor that is open for reading; its lines end with line feeds, where there are any, else with carriage returns
/// A line with bytes that are no UTF-8 keeps its place, and is warned of.
/// Throws DataError with the line's number, also for a file that is no text at all, as a compressed one; IoError.
void encode_lines(const Tokenizer& tokenizer, int input, std::ostream& output, const LineFormat& format);

/// The way back: one line of text for every line of ids or pieces.
void decode_lines(const Tokenizer& tokenizer, int input, std::ostream& output, const LineFormat& format);

}  // namespace albert::text
