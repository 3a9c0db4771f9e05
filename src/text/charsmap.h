#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace albert::text {

/// The character map of a SentencePiece model (normalizer_spec.precompiled_charsmap): short UTF-8 strings and what
/// replaces them. Layout: [4 bytes: size of the trie][Darts-clone double array of 32-bit units][replacements, each
/// ended by NUL], little-endian.
class Charsmap {
 public:
  /// \param bytes empty: a map without entries
  /// Throws ModelError if the layout is broken, or the replacements are not UTF-8.
  explicit Charsmap(std::string_view bytes);

  /// What replaces `characters`, or nothing: the replacement of the shortest of its prefixes that has one.
  /// (SentencePiece takes the longest; Transformers' `Precompiled` the shortest, of at most one grapheme, and drops the
  /// rest.)
  /// Throws ModelError if the trie leads to no beginning of a character in the replacements.
  std::optional<std::string_view> find(std::string_view characters) const;
  bool empty() const { return units_.empty(); }

 private:
  std::vector<std::uint32_t> units_;
  std::string replacements_;
};

}  // namespace albert::text
