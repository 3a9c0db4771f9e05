#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "text/tokenizer.h"

namespace albert::text {

/// U+2581, which stands for the space before a word in a piece.
inline constexpr std::string_view kWordMark = "\u2581";

/// The spellings of the special tokens in the order of SpecialIds.
using SpecialSpellings = std::array<std::string_view, 5>;

/// Those of ALBERT's SentencePiece vocabularies.
inline constexpr std::string_view kPadToken = "<pad>";
inline constexpr std::string_view kUnknownToken = "<unk>";
inline constexpr std::string_view kClsToken = "[CLS]";
inline constexpr std::string_view kSepToken = "[SEP]";
inline constexpr std::string_view kMaskToken = "[MASK]";
inline constexpr SpecialSpellings kSpecialTokens = {kPadToken, kUnknownToken, kClsToken, kSepToken, kMaskToken};

/// Those of BERT's WordPiece vocabularies.
inline constexpr SpecialSpellings kWordPieceSpecialTokens = {"[PAD]", "[UNK]", kClsToken, kSepToken, kMaskToken};

/// The ids in the order of the spellings, and the way back.
std::array<std::int32_t, 5> in_order(const SpecialIds& ids);
SpecialIds special_ids(const std::array<std::int32_t, 5>& ids);

/// How the vocabulary of a tokenizer spells them.
SpecialSpellings special_spellings(const Tokenizer& tokenizer);

/// The spelling of a special token found in a text.
struct SpecialMatch {
  std::size_t begin;  ///< byte offset
  std::size_t end;
  std::size_t token;  ///< index in the spellings
};

/// The first special token at or after byte `from`, spelled exactly, in the text as it stands before normalisation.
/// \param spellings beginning with "<" or "[", neither of which another one has inside
std::optional<SpecialMatch> find_special_token(std::string_view text, std::size_t from,
                                               const SpecialSpellings& spellings);

/// Takes a text apart in order: `on_token(match)` for each special token if they are parsed, `on_text(begin, end)` for
/// what lies between.
template <typename OnText, typename OnToken>
void split_at_special_tokens(std::string_view text, SpecialTokens special, const SpecialSpellings& spellings,
                             const OnText& on_text, const OnToken& on_token) {
  std::size_t begin = 0;
  while (special == SpecialTokens::kParse) {
    const std::optional<SpecialMatch> match = find_special_token(text, begin, spellings);
    if (!match) break;
    on_text(begin, match->begin);
    on_token(*match);
    begin = match->end;
  }
  on_text(begin, text.size());
}

}  // namespace albert::text
