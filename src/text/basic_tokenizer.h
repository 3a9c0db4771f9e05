#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <unicode/umachine.h>
#include <unicode/unorm2.h>

#include "text/normalizer.h"
#include "text/wordpiece_settings.h"

namespace albert::text {

/// BERT's tokenisation before WordPiece: characters that nobody sees are left out, ideographs and punctuation become
/// words of their own, accents are stripped and letters lower-cased as the settings say. The words are those of
/// Transformers' BertTokenizer for every text, but for the lower case of characters that Unicode got after version 15.
///
/// Invalid UTF-8 is left out (it is read as U+FFFD). Immutable, and safe to use from several threads.
class BasicTokenizer {
 public:
  /// Of longer words no more than one character beyond this is kept: WordPiece does not segment them.
  static constexpr std::size_t kMaxWordCharacters = 100;

  /// A word as it is looked up in the vocabulary.
  struct Word {
    std::string text;         ///< valid UTF-8
    std::vector<Span> spans;  ///< for every byte of `text`, the original bytes that its character stands for
    std::size_t num_characters = 0;
    Span span{};  ///< the original bytes of all of it

    bool is_too_long() const { return num_characters > kMaxWordCharacters; }
    void clear();
    void add(UChar32 c, Span from);
    /// Adds a mark in canonical order: before those marks at the end that have a higher combining class.
    void add_mark(UChar32 c, Span from, std::uint8_t own_class);

   private:
    void insert(std::size_t at, UChar32 c, Span from);
  };

  explicit BasicTokenizer(const WordPieceSettings& settings);

  /// Takes the word that begins at or after byte `position`, and moves `position` behind it; false at the end of the
  /// text. \param word replaced
  bool next(std::string_view text, std::size_t& position, Word& word) const;

  const WordPieceSettings& settings() const { return settings_; }

 private:
  /// What a character says about the word that it follows.
  enum class Step : std::uint8_t { kGoOn, kEndBefore, kEndAfter };

  Step take(UChar32 c, Span span, Word& word) const;
  Step take_part(UChar32 c, Span span, Word& word) const;
  void add(UChar32 c, Span span, Word& word) const;

  WordPieceSettings settings_;
  bool strips_accents_;
  const UNormalizer2* nfd_;
};

}  // namespace albert::text
