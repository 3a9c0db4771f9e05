#include "text/word_start.h"

#include <unicode/uchar.h>

#include "text/code_points.h"
#include "text/utf8.h"

namespace albert::text {
namespace {

constexpr std::string_view kSigns = "!\"#$%&()*+,-./:;?@[\\]^_`{|}~";

bool is_english_or_sign(UChar32 c) {
  const UChar32 lower = u_tolower(c);
  return (lower >= 'a' && lower <= 'z') || (c < 0x80 && kSigns.find(static_cast<char>(c)) != std::string_view::npos);
}

}  // namespace

bool piece_starts_word(std::string_view piece) {
  if (piece.starts_with(kWordMark) || piece.starts_with('<')) return true;
  if (piece.size() == 1 && kSigns.find(piece[0]) != std::string_view::npos) return true;
  while (!piece.empty()) {
    if (!is_english_or_sign(pop_front(piece))) return true;
  }
  return false;
}

}  // namespace albert::text
