#include "text/wordpiece.h"

#include <unordered_map>
#include <utility>

namespace albert::text {
namespace {

PieceTrie make_trie(const WordPieceVocabulary& vocabulary) {
  std::unordered_map<std::string_view, std::int32_t> ids;  // of equal pieces the last one counts
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

}  // namespace

WordPiece::WordPiece(const WordPieceVocabulary& vocabulary)
    : trie_(make_trie(vocabulary)),
      continuation_(trie_.root()),
      has_continuations_(walk(trie_, kContinuation, continuation_)),
      unknown_id_(vocabulary.special.unknown) {}

void WordPiece::segment(const BasicTokenizer::Word& word, std::uint32_t offset, std::vector<Piece>& pieces) const {
  const std::size_t before = pieces.size();
  for (std::size_t begin = 0; begin < word.text.size();) {
    const Match match = word.is_too_long() ? Match{PieceTrie::kNone, 0} : longest(word.text, begin);
    if (match.id == PieceTrie::kNone) {
      pieces.resize(before);
      pieces.push_back({unknown_id_, offset + word.span.begin, offset + word.span.end});
      return;
    }
    pieces.push_back({match.id, offset + word.spans[begin].begin, offset + word.spans[match.end - 1].end});
    begin = match.end;
  }
}

/// The longest piece that the word goes on with at byte `begin`.
WordPiece::Match WordPiece::longest(std::string_view word, std::size_t begin) const {
  Match match{PieceTrie::kNone, begin};
  if (begin > 0 && !has_continuations_) return match;
  PieceTrie::Node node = begin > 0 ? continuation_ : trie_.root();
  for (std::size_t i = begin; i < word.size() && trie_.step(node, static_cast<unsigned char>(word[i])); ++i) {
    if (trie_.value(node) != PieceTrie::kNone) match = {trie_.value(node), i + 1};
  }
  return match;
}

}  // namespace albert::text
