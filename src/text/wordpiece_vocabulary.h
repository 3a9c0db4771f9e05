#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/tokenizer.h"

namespace albert::text {

/// What begins a piece that goes on with a word.
inline constexpr std::string_view kContinuation = "##";

/// The content of a `vocab.txt`: a piece a line, its id the number of the line from 0. As in Transformers, of equal
/// lines the last one counts, and white space belongs to the piece; a byte-order mark does not.
struct WordPieceVocabulary {
  std::vector<std::string> pieces;  ///< by id
  SpecialIds special;

  /// \param name of the file, for messages
  /// Throws ModelError naming the line if it is no such file, and if it has no [PAD], [UNK], [CLS], [SEP] or [MASK].
  static WordPieceVocabulary parse(std::string_view text, const std::string& name);
  std::string to_text() const;
};

}  // namespace albert::text
