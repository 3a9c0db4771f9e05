#include "text/wordpiece_vocabulary.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/utf8.h"
#include "text/foreign_format.h"
#include "text/piece_trie.h"
#include "text/special_tokens.h"

namespace albert::text {
namespace {

/// Lines end with line feeds, perhaps with carriage returns before them; in a file without one, with carriage returns
/// alone.
char line_end_of(std::string_view text) {
  return text.find('\n') == std::string_view::npos ? '\r' : '\n';
}

void check_piece(std::string_view piece, std::size_t line, const std::string& name) {
  if (piece.size() <= PieceTrie::kMaxKeyBytes && is_utf8(piece) && piece.find('\0') == std::string_view::npos) return;
  throw ModelError("{}: is not a WordPiece vocabulary: line {} is not text of UTF-8; expected a piece a line", name,
                   line);
}

SpecialIds find_special_ids(const std::vector<std::string>& pieces, const std::string& name) {
  std::array<std::int32_t, kWordPieceSpecialTokens.size()> found;
  for (std::size_t token = 0; token < found.size(); ++token) {
    const auto last = std::find(pieces.rbegin(), pieces.rend(), kWordPieceSpecialTokens[token]);
    if (last == pieces.rend()) {
      throw ModelError("{}: the special token {} is not among its {} lines; a WordPiece vocabulary needs {}", name,
                       kWordPieceSpecialTokens[token], pieces.size(), fmt::join(kWordPieceSpecialTokens, ", "));
    }
    found[token] = static_cast<std::int32_t>(pieces.rend() - last) - 1;
  }
  return special_ids(found);
}

}  // namespace

WordPieceVocabulary WordPieceVocabulary::parse(std::string_view text, const std::string& name) {
  if (const auto format = find_foreign_format(text)) {
    throw ModelError("{}: expected a WordPiece vocabulary, found {}; {}", name, format->name, format->advice);
  }
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const char line_end = line_end_of(text);
  std::vector<std::string> pieces;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(line_end), text.size());
    std::string_view piece = text.substr(0, end);
    if (piece.ends_with('\r')) piece.remove_suffix(1);
    check_piece(piece, pieces.size() + 1, name);
    pieces.emplace_back(piece);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const SpecialIds special = find_special_ids(pieces, name);
  return {std::move(pieces), special};
}

std::string WordPieceVocabulary::to_text() const {
  std::string text;
  for (const std::string& piece : pieces) {
    text += piece;
    text += '\n';
  }
  return text;
}

}  // namespace albert::text
