#include "tasks/question/answer_place.h"

#include <algorithm>

#include "base/utf8.h"
#include "text/grapheme.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

/// The end of what the letter before `end` is made of, up to `limit`.
std::size_t end_of_letter(std::string_view text, std::size_t end, std::size_t limit) {
  std::string_view before = text.substr(0, end);
  std::string_view behind = text.substr(end, limit - end);
  if (before.empty() || behind.empty()) return end;
  text::GraphemeCluster letter(pop_back(before));
  while (!behind.empty() && letter.take(pop_front(behind))) end = limit - behind.size();
  return end;
}

}  // namespace

std::optional<TokenRange> tokens_covering(const std::vector<text::Piece>& pieces, ByteRange bytes) {
  const auto covers = [bytes](const text::Piece& piece) {
    return piece.begin < piece.end && piece.begin < bytes.end && piece.end > bytes.begin;
  };
  const auto first = std::ranges::find_if(pieces, covers);
  if (first == pieces.end()) return std::nullopt;
  auto behind =
      std::find_if(first, pieces.end(), [bytes](const text::Piece& piece) { return piece.begin >= bytes.end; });
  while (!covers(*(behind - 1))) --behind;
  return TokenRange{static_cast<std::size_t>(first - pieces.begin()),
                    static_cast<std::size_t>(behind - pieces.begin())};
}

ByteRange bytes_covered(const std::vector<text::Piece>& pieces, TokenRange tokens, std::string_view text) {
  const std::size_t begin = pieces[tokens.begin].begin;
  const std::size_t next = tokens.end < pieces.size() ? pieces[tokens.end].begin : text.size();
  const std::size_t end = std::max<std::size_t>(begin, pieces[tokens.end - 1].end);
  const std::size_t whole = next > end ? end_of_letter(text, end, next) : end;
  const std::string_view trimmed = text::trim(text.substr(begin, whole - begin));
  const auto offset = static_cast<std::size_t>(trimmed.data() - text.data());
  return {offset, offset + trimmed.size()};
}

}  // namespace albert::tasks
