#include "text/piece_spelling.h"

#include <unicode/uchar.h>

#include "base/utf8.h"
#include "text/special_tokens.h"
#include "text/wordpiece_vocabulary.h"

namespace albert::text {

namespace {

constexpr std::string_view kSigns = "!\"#$%&()*+,-./:;?@[\\]^_`{|}~";

bool is_english_or_sign(UChar32 c) {
  const UChar32 lower = u_tolower(c);
  return (lower >= 'a' && lower <= 'z') || (c < 0x80 && kSigns.find(static_cast<char>(c)) != std::string_view::npos);
}

}  // namespace

PieceSpelling spelling_of(const Tokenizer& tokenizer, std::int32_t id) {
  const bool is_wordpiece = tokenizer.kind() == VocabularyKind::kWordPiece;
  const std::string_view mark = is_wordpiece ? kContinuation : kWordMark;
  std::string_view piece = tokenizer.piece(id);
  const bool is_marked = piece.starts_with(mark);
  if (is_marked) piece.remove_prefix(mark.size());
  return {.text = piece, .begins_word = is_marked != is_wordpiece};
}

bool piece_starts_word(std::string_view piece) {
  if (piece.starts_with(kWordMark) || piece.starts_with('<')) return true;
  if (piece.size() == 1 && kSigns.find(piece[0]) != std::string_view::npos) return true;
  while (!piece.empty()) {
    if (!is_english_or_sign(pop_front(piece))) return true;
  }
  return false;
}

}  // namespace albert::text
