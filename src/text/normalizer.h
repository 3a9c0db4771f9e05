#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <unicode/umachine.h>
#include <unicode/unorm2.h>

#include "text/charsmap.h"
#include "text/grapheme.h"
#include "text/tokenizer.h"

namespace albert::text {

/// A range of bytes of the original text, end excluded.
struct Span {
  std::uint32_t begin;
  std::uint32_t end;
};

/// The longest text, as its places are 32 bits wide.
inline constexpr std::size_t kMaxTextBytes = std::size_t{1} << 31;

/// Throws DataError for a text of more bytes, which cannot be encoded at once.
void check_text_size(std::string_view text, std::size_t max_bytes = kMaxTextBytes);

/// Text made ready for segmentation. Kept by its user from call to call, it saves allocations.
struct NormalizedText {
  std::string text;         ///< valid UTF-8
  std::vector<Span> spans;  ///< for every byte of `text`, the bytes of the original that its character stands for;
                            ///< empty unless asked for

  /// A character on its way through the normaliser.
  struct Character {
    UChar32 code;
    Span span;
  };
  std::vector<Character> scratch;
};

/// ALBERT's normalisation, in the order in which Transformers' AlbertTokenizer does it:
///   1. `` and '' become ";
///   2. unless accents are kept: NFKD, and marks (categories Mn, Mc, Me) are dropped, both for characters of Unicode 9
///      only, as in the tables that Transformers uses;
///   3. if lower-cased: the lower-case form of each character by itself;
///   4. the character map of the vocabulary (nmt_nfkc), looked up for each grapheme of less than 6 bytes, then
///      character by character.
///
/// Google's own order (google-research/albert tokenization.py:33-50) has no quote rule, and composes sequences of more
/// bytes in 4.
///
/// Invalid UTF-8 is read as Python's `decode(errors="replace")` does: U+FFFD for each maximal part of a broken
/// sequence, which nmt_nfkc makes a space. Immutable, and safe to use from several threads.
class Normalizer {
 public:
  enum class Spans { kNone, kTrack };

  /// \param charsmap of the SentencePiece model
  /// Throws ModelError if it is broken.
  Normalizer(const TokenizerSettings& settings, std::string_view charsmap);

  /// Replaces the content of `result`.
  /// Throws DataError for a text of more than 256 MiB.
  void normalize(std::string_view text, NormalizedText& result, Spans spans = Spans::kNone) const;

  /// Whether a text is the same after normalisation, and one word.
  bool keeps(std::string_view text) const;

  /// Whether this byte of the original is white space after normalisation, whatever its neighbours.
  bool separates(char c) const { return separators_[static_cast<unsigned char>(c)]; }
  /// Whether a part of a text, between two such bytes or an end of it, gives the same by itself as in its place: it
  /// neither begins with a character that joins the one before nor ends in one that joins the next.
  static bool stands_alone(std::string_view part);

 private:
  using Character = NormalizedText::Character;

  bool is_quote_pair(std::string_view text, std::size_t i) const;
  std::size_t run_end(std::string_view text, std::size_t begin) const;
  void normalize_run(std::string_view text, std::size_t begin, std::size_t end, NormalizedText& result,
                     Spans spans) const;
  void fold(UChar32 c, Span span, std::vector<Character>& characters) const;
  void lower(UChar32 c, Span span, std::vector<Character>& characters) const;
  std::size_t map_clusters(NormalizedText& result, bool complete, std::optional<GraphemeCluster>& open,
                           Spans spans) const;
  void map_cluster(std::size_t first, std::size_t last, NormalizedText& result, Spans spans) const;
  void map_characters(std::size_t first, std::size_t last, NormalizedText& result, Spans spans) const;

  TokenizerSettings settings_;
  Charsmap charsmap_;
  const UNormalizer2* nfkd_;
  std::array<std::uint8_t, 128> ascii_;  ///< what an ASCII character becomes, kDropped, or kOther
  std::array<bool, 256> separators_{};
};

}  // namespace albert::text
