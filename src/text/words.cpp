#include "text/words.h"

#include "text/special_tokens.h"

namespace albert::text {

std::size_t white_space_at(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t k) { return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x80) return first == ' ' || (first >= '\t' && first <= '\r') ? 1 : 0;
  if (first == 0xC2) return byte(1) == 0x85 || byte(1) == 0xA0 ? 2 : 0;
  const unsigned last = byte(2);
  const bool found = (first == 0xE1 && byte(1) == 0x9A && last == 0x80) ||  // U+1680
                     (first == 0xE2 && byte(1) == 0x80 &&
                      (last <= 0x8A || last == 0xA8 || last == 0xA9)) ||    // U+2000-200A, 2028, 2029
                     (first == 0xE2 && byte(1) == 0x80 && last == 0xAF) ||  // U+202F
                     (first == 0xE2 && byte(1) == 0x81 && last == 0x9F) ||  // U+205F
                     (first == 0xE3 && byte(1) == 0x80 && last == 0x80);    // U+3000
  return found ? 3 : 0;
}

bool WordReader::next() {
  begin_ = end_;
  while (begin_ < text_.size()) {
    const std::size_t space = white_space_at(text_, begin_);
    if (space == 0) break;
    begin_ += space;
  }
  if (begin_ == text_.size()) return false;
  end_ = begin_ + 1;
  while (end_ < text_.size() && !ends_at(end_)) ++end_;
  return true;
}

bool WordReader::ends_at(std::size_t i) const {
  // Both tests look at a lead byte first; a byte inside a character is none of them.
  return white_space_at(text_, i) != 0 || text_.compare(i, kWordMark.size(), kWordMark) == 0;
}

}  // namespace albert::text
