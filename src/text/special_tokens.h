#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace albert::text {

/// The spellings of the special tokens, in the order of ALBERT's ids 0 to 4.
inline constexpr std::string_view kPadToken = "<pad>";
inline constexpr std::string_view kUnknownToken = "<unk>";
inline constexpr std::string_view kClsToken = "[CLS]";
inline constexpr std::string_view kSepToken = "[SEP]";
inline constexpr std::string_view kMaskToken = "[MASK]";
inline constexpr std::array kSpecialTokens = {kPadToken, kUnknownToken, kClsToken, kSepToken, kMaskToken};

/// The spelling of a special token found in a text.
struct SpecialMatch {
  std::size_t begin;  ///< byte offset
  std::size_t token;  ///< index in kSpecialTokens
  std::size_t end() const { return begin + kSpecialTokens[token].size(); }
};

/// The first special token at or after byte `from`, spelled exactly, in the text as it stands before normalisation.
std::optional<SpecialMatch> find_special_token(std::string_view text, std::size_t from);

}  // namespace albert::text
