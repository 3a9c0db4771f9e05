#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace albert::corpus {

/// What clean_text() found.
struct Repairs {
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

  std::uint64_t invalid_bytes = 0;       ///< bytes that are no valid UTF-8
  std::uint64_t nul_bytes = 0;           ///< dropped
  std::size_t first_invalid = kNowhere;  ///< offset in the text
  std::size_t first_nul = kNowhere;      ///< offset in the text

  bool any() const { return invalid_bytes + nul_bytes > 0; }
};

/// Appends a text as valid UTF-8 without NUL: every maximal part of an ill-formed sequence becomes one U+FFFD (Unicode
/// 15, section 3.9, "substitution of maximal subparts"), NUL bytes are dropped.
Repairs append_clean(std::string_view text, std::string& out);

}  // namespace albert::corpus
