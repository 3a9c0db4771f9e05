#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "text/basic_tokenizer.h"
#include "text/piece_trie.h"
#include "text/tokenizer.h"
#include "text/word_memo.h"
#include "text/wordpiece_vocabulary.h"

namespace albert::text {

/// Segments words: from the left the longest piece of the vocabulary, and so on with pieces that begin with "##". A
/// word that cannot be segmented to its end, or of more than 100 characters, is one unknown piece. Source:
/// google-research/bert tokenization.py, WordpieceTokenizer; Google's ALBERT code allows 200 characters, Transformers
/// and BERT 100.
class WordPiece {
 public:
  /// \param vocabulary may go away after this
  explicit WordPiece(const WordPieceVocabulary& vocabulary);

  /// Appends the pieces of a word with their places.
  /// \param offset added to every place
  void segment(const BasicTokenizer::Word& word, std::uint32_t offset, std::vector<Piece>& pieces) const;
  /// Appends the ids of a word, or where it begins with "##", of what goes on with one.
  void append_ids(std::string_view word, std::vector<std::int32_t>& ids) const;

 private:
  struct Match {
    std::int32_t id;
    std::size_t end;
  };
  Match longest(std::string_view word, std::size_t begin, bool goes_on) const;

  PieceTrie trie_;
  PieceTrie::Node continuation_ = 0;  ///< behind "##"
  bool has_continuations_;
  std::int32_t unknown_id_;
};

/// The encoder for much text: looks up what stands between white space or is an ideograph as it stands, and normalises
/// and segments only what it has not met.
class WordPieceEncoder final : public Encoder {
 public:
  /// \param basic must outlive this, as must wordpiece
  WordPieceEncoder(const BasicTokenizer& basic, const WordPiece& wordpiece, std::size_t memory_bytes);

  void encode(std::string_view text, std::vector<std::int32_t>& ids) override;

 private:
  void append_stretch(std::string_view stretch, std::vector<std::int32_t>& ids);
  void segment(std::string_view stretch, std::vector<std::int32_t>& ids);

  const BasicTokenizer& basic_;
  const WordPiece& wordpiece_;
  WordMemo memo_;
  BasicTokenizer::Word word_;
  std::vector<Piece> pieces_;
};

}  // namespace albert::text
