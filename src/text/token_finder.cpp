#include "text/token_finder.h"

#include <algorithm>

#include <unicode/uchar.h>

#include "base/error.h"
#include "base/shown.h"
#include "base/utf8.h"

namespace albert::text {

namespace {

using Tokens = std::vector<std::pair<std::string, AddedToken>>;

PieceTrie make_trie(Tokens& tokens) {
  std::ranges::sort(tokens, {}, [](const auto& entry) { return std::pair(entry.first, entry.second.id); });
  std::vector<std::pair<std::string_view, std::int32_t>> keys;
  for (const auto& [spelling, token] : tokens) {
    if (spelling.empty() || spelling.size() > PieceTrie::kMaxKeyBytes) {
      throw ModelError("the added token {} is looked for as a text of {} bytes; expected 1 to {}",
                       in_quotes(token.content), spelling.size(), PieceTrie::kMaxKeyBytes);
    }
    if (!keys.empty() && keys.back().first == spelling) {
      throw ModelError("the added tokens {} and {} are both found as {}", tokens[keys.size() - 1].second.id, token.id,
                       in_quotes(spelling));
    }
    keys.emplace_back(spelling, static_cast<std::int32_t>(keys.size()));
  }
  return PieceTrie(std::move(keys));
}

/// Whether a character belongs to a word: \w of Rust's regular expressions.
bool is_of_word(UChar32 c) {
  constexpr std::uint32_t kCategories = U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK;
  return c != kNoCodePoint && (u_hasBinaryProperty(c, UCHAR_ALPHABETIC) != 0 || (U_GET_GC_MASK(c) & kCategories) != 0 ||
                               u_hasBinaryProperty(c, UCHAR_JOIN_CONTROL) != 0);
}

bool is_single_word(std::string_view before, std::string_view behind) {
  return !is_of_word(pop_back(before)) && !is_of_word(pop_front(behind));
}

bool is_space(UChar32 c) {
  return c != kNoCodePoint && u_isUWhiteSpace(c) != 0;
}

/// Where the white space at the end of a text begins.
std::size_t space_at_end(std::string_view text) {
  std::size_t begin = text.size();
  while (is_space(pop_back(text))) begin = text.size();
  return begin;
}

/// How many bytes of white space a text begins with.
std::size_t space_at_start(std::string_view text) {
  const std::size_t size = text.size();
  std::size_t left = size;
  while (is_space(pop_front(text))) left = text.size();
  return size - left;
}

}  // namespace

TokenFinder::TokenFinder(Tokens tokens) : tokens_(std::move(tokens)), trie_(make_trie(tokens_)) {}

std::vector<TokenFinder::Match> TokenFinder::find(std::string_view text) const {
  std::vector<Match> matches;
  std::size_t taken = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    std::int32_t index = PieceTrie::kNone;
    const std::size_t end = match_at(text, begin, index);
    if (index == PieceTrie::kNone) {
      ++begin;
      continue;
    }
    const AddedToken& token = tokens_[static_cast<std::size_t>(index)].second;
    if (!token.single_word || is_single_word(text.substr(0, begin), text.substr(end))) {
      const std::size_t from = token.lstrip ? std::max(space_at_end(text.substr(0, begin)), taken) : begin;
      taken = token.rstrip ? end + space_at_start(text.substr(end)) : end;
      matches.push_back({token.id, from, taken});
    }
    begin = end;
  }
  return matches;
}

/// The end of the longest token that begins at byte `begin`.
/// \param token its index, or kNone
std::size_t TokenFinder::match_at(std::string_view text, std::size_t begin, std::int32_t& token) const {
  std::size_t end = begin;
  PieceTrie::Node node = trie_.root();
  for (std::size_t i = begin; i < text.size() && trie_.step(node, static_cast<unsigned char>(text[i])); ++i) {
    if (trie_.value(node) == PieceTrie::kNone) continue;
    token = trie_.value(node);
    end = i + 1;
  }
  return end;
}

}  // namespace albert::text
