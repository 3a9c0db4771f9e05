#include "text/wordpiece.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/utf8.h"
#include "text/basic_tokenizer.h"

namespace albert::text {

namespace {

PieceTrie make_trie(const WordPieceVocabulary& vocabulary) {
  std::unordered_map<std::string_view, std::int32_t> ids;  // the last one of equal pieces counts
  for (std::size_t id = 0; id < vocabulary.pieces.size(); ++id) {
    const std::string_view piece = vocabulary.pieces[id];
    if (!piece.empty()) ids[piece] = static_cast<std::int32_t>(id);
  }
  return PieceTrie({ids.begin(), ids.end()});
}

bool walk(const PieceTrie& trie, std::string_view text, PieceTrie::Node& node) {
  for (const char c : text) {
    if (!trie.step(node, static_cast<unsigned char>(c))) return false;
  }
  return true;
}

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

WordPiece::WordPiece(const WordPieceVocabulary& vocabulary)
    : trie_(make_trie(vocabulary)),
      continuation_(trie_.root()),
      has_continuations_(walk(trie_, kContinuation, continuation_)),
      unknown_id_(vocabulary.special.unknown) {}

void WordPiece::segment(const BasicTokenizer::Word& word, std::uint32_t offset, std::vector<Piece>& pieces) const {
  const std::size_t before = pieces.size();
  for (std::size_t begin = 0; begin < word.text.size();) {
    const Match match = word.is_too_long() ? Match{PieceTrie::kNone, 0} : longest(word.text, begin, begin > 0);
    if (match.id == PieceTrie::kNone) {
      pieces.resize(before);
      pieces.push_back({unknown_id_, offset + word.span.begin, offset + word.span.end});
      return;
    }
    pieces.push_back({match.id, offset + word.spans[begin].begin, offset + word.spans[match.end - 1].end});
    begin = match.end;
  }
}

void WordPiece::append_ids(std::string_view word, std::vector<std::int32_t>& ids) const {
  const bool goes_on = word.starts_with(kContinuation);
  if (goes_on) word.remove_prefix(kContinuation.size());
  const auto is_first_byte = [](char c) { return !continues_character(c); };
  const bool is_too_long =
      static_cast<std::size_t>(std::ranges::count_if(word, is_first_byte)) > BasicTokenizer::kMaxWordCharacters;
  const std::size_t before = ids.size();
  for (std::size_t begin = 0; begin < word.size();) {
    const Match match = is_too_long ? Match{PieceTrie::kNone, 0} : longest(word, begin, goes_on || begin > 0);
    if (match.id == PieceTrie::kNone) {
      ids.resize(before);
      return ids.push_back(unknown_id_);
    }
    ids.push_back(match.id);
    begin = match.end;
  }
}

/// The longest piece that is at byte `begin` of the word.
/// \param goes_on whether it goes on with the word
WordPiece::Match WordPiece::longest(std::string_view word, std::size_t begin, bool goes_on) const {
  Match match{PieceTrie::kNone, begin};
  if (goes_on && !has_continuations_) return match;
  PieceTrie::Node node = goes_on ? continuation_ : trie_.root();
  for (std::size_t i = begin; i < word.size() && trie_.step(node, static_cast<unsigned char>(word[i])); ++i) {
    if (trie_.value(node) != PieceTrie::kNone) match = {trie_.value(node), i + 1};
  }
  return match;
}

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
