#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/basic_tokenizer.h"
#include "text/vocabulary_tokenizer.h"
#include "text/wordpiece.h"
#include "text/wordpiece_vocabulary.h"

namespace albert::text {

/// BERT's kind of vocabulary, which Chinese ALBERT models have. The ids and places are those of Transformers'
/// BertTokenizer opened from the files that save() writes.
class WordPieceTokenizer final : public VocabularyTokenizer {
 public:
  WordPieceTokenizer(WordPieceVocabulary vocabulary, const WordPieceSettings& settings);

  std::unique_ptr<Encoder> make_encoder(std::size_t memory_bytes) const override;
  std::vector<Piece> encode_with_offsets(std::string_view text, SpecialTokens special) const override;

  VocabularyKind kind() const override { return VocabularyKind::kWordPiece; }
  std::int32_t vocabulary_size() const override { return static_cast<std::int32_t>(vocabulary_.pieces.size()); }
  std::string_view piece(std::int32_t id) const override;
  /// Whether it does not begin with "##" (google-research/albert create_pretraining_data.py:410-416).
  bool starts_word(std::int32_t id) const override { return !piece(id).starts_with(kContinuation); }
  const SpecialIds& special() const override { return vocabulary_.special; }
  const TokenizerSettings& settings() const override { return settings_; }
  std::string fingerprint() const override;

  void normalize(std::string_view text, NormalizedText& result) const override { basic_.normalize(text, result); }
  void append_pieces(const NormalizedText& text, std::size_t begin, std::size_t end,
                     std::vector<Piece>& pieces) const override;
  bool is_special(std::int32_t id) const override;
  /// As Transformers' decoder: no space before signs and English endings ("n't", "'s").
  void append_decoded(std::string_view piece, bool first, std::string& text) const override;
  void save_with(const std::filesystem::path& folder, std::int64_t max_length,
                 std::span<const AddedToken> added) const override;
  std::vector<std::string> words(std::string_view text) const override;
  void append_word(std::string_view word, std::vector<std::int32_t>& ids) const override;
  std::shared_ptr<const VocabularyTokenizer> with_words(std::span<const std::string> words) const override;

 private:
  WordPieceVocabulary vocabulary_;
  TokenizerSettings settings_;
  BasicTokenizer basic_;
  WordPiece wordpiece_;
};

}  // namespace albert::text
