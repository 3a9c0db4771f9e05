#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <unicode/umachine.h>
#include <unicode/unorm2.h>

#include "text/normalizer.h"

namespace albert::text {

/// How text is prepared for WordPiece; stored in tokenizer_config.json under Transformers' names. The defaults are
/// those of its BertTokenizer.
struct WordPieceSettings {
  bool do_lower_case = true;
  std::optional<bool> strip_accents = {};  ///< unset: as do_lower_case
  bool tokenize_chinese_chars = true;      ///< every ideograph is a word

  bool strips_accents() const { return strip_accents.value_or(do_lower_case); }
};

// What BERT's basic tokenisation takes characters for. These are the tables of Transformers' BertTokenizer (the
// tokenizers library, normalizers/bert.rs and pre_tokenizers/bert.rs), which know the categories of Unicode 8.

/// A control, format or private character, NUL, or U+FFFD: left out. Tabs and line ends are none.
bool is_bert_removed(std::int32_t c);
/// White space, among the characters that are not left out.
bool is_bert_space(std::int32_t c);
/// An ideograph (not kana, not Hangul), which is a word by itself.
bool is_bert_chinese(std::int32_t c);
/// Categories P*, and every ASCII character that is neither letter nor digit nor space ("$", "`").
bool is_bert_punctuation(std::int32_t c);
/// An accent or another mark that takes no space of its own (Mn).
bool is_bert_accent(std::int32_t c);

/// BERT's tokenisation before WordPiece: characters that nobody sees are left out, ideographs and punctuation become
/// words of their own, accents are stripped and letters lower-cased as the settings say. The words are those of
/// Transformers' BertTokenizer for every text, but for the lower case of characters that Unicode got after version 15.
///
/// Invalid UTF-8 is left out (it is read as U+FFFD). Immutable, and safe to use from several threads.
class BasicTokenizer {
 public:
  /// Longer words are kept up to one character beyond this: WordPiece does not segment them.
  static constexpr std::size_t kMaxWordCharacters = 100;

  /// A word as it is looked up in the vocabulary.
  struct Word {
    std::string text;         ///< valid UTF-8
    std::vector<Span> spans;  ///< for every byte of `text`, the original bytes that its character stands for
    std::size_t num_characters = 0;
    Span span{};             ///< the original bytes of all of it
    bool has_marks = false;  ///< which are to be put in canonical order

    bool is_too_long() const { return num_characters > kMaxWordCharacters; }
    void clear();
    void add(UChar32 c, Span from);
  };

  explicit BasicTokenizer(const WordPieceSettings& settings);

  /// Takes the word that begins at or after byte `position`, and moves `position` behind it; false at the end of the
  /// text.
  /// \param word replaced
  bool next(std::string_view text, std::size_t& position, Word& word) const;

  /// All of a text as next() has it in its words, with the white space between them, each a space, and with spaces
  /// around the ideographs: what Transformers' normalizer makes of it. next() changes nothing in it.
  /// \param result replaced
  void normalize(std::string_view text, NormalizedText& result) const;

  const WordPieceSettings& settings() const { return settings_; }

 private:
  /// What a character says about the word that it follows.
  enum class Step : std::uint8_t { kGoOn, kEndBefore, kEndAfter };

  bool take_word(std::string_view text, std::size_t& position, Word& word) const;
  Step take(UChar32 c, Span span, Word& word) const;
  Step take_part(UChar32 c, Span span, Word& word) const;
  template <typename Take>
  void for_each_part(UChar32 c, const Take& take) const;
  template <typename Target>
  void add_lowered(UChar32 c, Span span, Target& target) const;

  WordPieceSettings settings_;
  bool strips_accents_;
  const UNormalizer2* nfd_;
};

}  // namespace albert::text
