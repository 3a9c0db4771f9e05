#include "text/piece_spelling.h"

#include "text/utf8.h"
#include "text/wordpiece_vocabulary.h"

namespace albert::text {

PieceSpelling spelling_of(const Tokenizer& tokenizer, std::int32_t id) {
  const bool is_wordpiece = tokenizer.kind() == VocabularyKind::kWordPiece;
  const std::string_view mark = is_wordpiece ? kContinuation : kWordMark;
  std::string_view piece = tokenizer.piece(id);
  const bool is_marked = piece.starts_with(mark);
  if (is_marked) piece.remove_prefix(mark.size());
  return {.text = piece, .begins_word = is_marked != is_wordpiece};
}

}  // namespace albert::text
