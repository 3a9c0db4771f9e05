#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/added_token.h"
#include "text/normalizer.h"
#include "text/tokenizer.h"

namespace albert::text {

/// The tokenizer of a vocabulary file, with what ExtendedTokenizer needs of it to add tokens, and what it takes to
/// change the vocabulary.
class VocabularyTokenizer : public Tokenizer {
 public:
  std::string decode(std::span<const std::int32_t> ids, bool keep_special) const final;
  void save(const std::filesystem::path& folder, std::int64_t max_length) const final {
    save_with(folder, max_length, {});
  }

  /// A text as it is before it is taken apart into words and pieces.
  /// \param result replaced, with the places of its bytes
  virtual void normalize(std::string_view text, NormalizedText& result) const = 0;
  /// Appends the pieces of the bytes `begin` to `end` of a normalised text, with their places in the original.
  virtual void append_pieces(const NormalizedText& text, std::size_t begin, std::size_t end,
                             std::vector<Piece>& pieces) const = 0;
  /// Whether decode() leaves a piece out unless special ones are asked for.
  virtual bool is_special(std::int32_t id) const = 0;
  /// Appends what decode() makes of a piece.
  virtual void append_decoded(std::string_view piece, bool first, std::string& text) const = 0;
  /// The user-defined symbols that no normalised text has, as in capitals where text is lower-cased: SentencePiece
  /// finds such symbols in a text as it stands.
  virtual std::vector<AddedToken> verbatim_symbols() const { return {}; }
  /// save() with tokens that were added, in the order of their ids.
  virtual void save_with(const std::filesystem::path& folder, std::int64_t max_length,
                         std::span<const AddedToken> added) const = 0;

  /// The words of a text, which are cut into pieces one by one, normalised, and spelled as the vocabulary spells a piece
  /// that is a whole word: "▁word" of SentencePiece, "word" of WordPiece.
  virtual std::vector<std::string> words(std::string_view text) const = 0;
  /// Appends the pieces of such a word, or of what goes on with one: "ing" of SentencePiece, "##ing" of WordPiece.
  virtual void append_word(std::string_view word, std::vector<std::int32_t>& ids) const = 0;
  /// The same vocabulary with words behind its pieces, each of which is one piece where it stands for itself; every
  /// piece that is there keeps its id.
  /// \param words as words() spells them, each once and none of them a piece
  virtual std::shared_ptr<const VocabularyTokenizer> with_words(std::span<const std::string> words) const = 0;
};

}  // namespace albert::text
