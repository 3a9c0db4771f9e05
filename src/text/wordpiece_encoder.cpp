#include "text/wordpiece_encoder.h"

#include "text/bert_characters.h"
#include "text/code_points.h"
#include "text/utf8.h"

namespace albert::text {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Where the stretch that begins at byte `begin`, which is no space, ends: behind an ideograph, or before the next one
/// or a space. What lies on either side never changes what is on the other.
std::size_t stretch_end(std::string_view text, std::size_t begin, bool split_ideographs) {
  std::size_t i = begin;
  while (i < text.size() && !is_space(text[i])) {
    // All of them are U+3400 or above, which begin with a byte of 0xE3 or above.
    if (split_ideographs && static_cast<unsigned char>(text[i]) >= 0xE3) {
      std::string_view rest = text.substr(i);
      const bool is_ideograph = is_bert_chinese(pop_front(rest));
      if (is_ideograph && i > begin) return i;
      i = text.size() - rest.size();
      if (is_ideograph) return i;
    } else {
      ++i;
    }
  }
  return i;
}

}  // namespace

WordPieceEncoder::WordPieceEncoder(const BasicTokenizer& basic, const WordPiece& wordpiece, std::size_t memory_bytes)
    : basic_(basic), wordpiece_(wordpiece), memo_(memory_bytes) {}

void WordPieceEncoder::encode(std::string_view text, std::vector<std::int32_t>& ids) {
  const bool split_ideographs = basic_.settings().tokenize_chinese_chars;
  for (std::size_t begin = 0; begin < text.size();) {
    if (is_space(text[begin])) {
      ++begin;
      continue;
    }
    const std::size_t end = stretch_end(text, begin, split_ideographs);
    append_stretch(text.substr(begin, end - begin), ids);
    begin = end;
  }
}

void WordPieceEncoder::append_stretch(std::string_view stretch, std::vector<std::int32_t>& ids) {
  if (stretch.size() > WordMemo::kMaxWordBytes) return segment(stretch, ids);
  const std::uint64_t hash = WordMemo::hash(stretch);
  if (const auto known = memo_.find(stretch, hash)) {
    ids.insert(ids.end(), known->begin(), known->end());
    return;
  }
  const std::size_t before = ids.size();
  segment(stretch, ids);
  memo_.insert(stretch, hash, std::span(ids).subspan(before));
}

void WordPieceEncoder::segment(std::string_view stretch, std::vector<std::int32_t>& ids) {
  for (std::size_t position = 0; basic_.next(stretch, position, word_);) {
    pieces_.clear();
    wordpiece_.segment(word_, 0, pieces_);
    for (const Piece& piece : pieces_) ids.push_back(piece.id);
  }
}

}  // namespace albert::text
