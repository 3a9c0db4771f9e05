#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/segmenter.h"
#include "text/sentencepiece_model.h"
#include "text/vocabulary_tokenizer.h"

namespace albert::text {

/// ALBERT's own kind of vocabulary: a SentencePiece unigram model. The ids are those of Transformers' AlbertTokenizer
/// opened from the files that save() writes, except on odd input. Characters that only normalisation turns into the
/// spelling of a special token (full-width letters and brackets) are text here, as in SpecialTokens::kAsText the
/// spelling itself is, and as in SentencePiece; there they are the token. And characters that Unicode got after version
/// 15 are not lower-cased here, since ICU 72 does not know them.
///
/// Offsets are the same but for these: a lone "▁" stands for no character here (begin == end) and for the first
/// character of its word there; a piece that ends in `` or '' or in a sequence that was composed to one character
/// covers all of it here, one character of it there; spaces before [MASK] belong to it there; and there, places near a
/// control character that was removed are shifted.
class SentencePieceTokenizer final : public VocabularyTokenizer {
 public:
  /// \param name of the model, for messages
  /// Throws ModelError if a special token is missing.
  SentencePieceTokenizer(SentencePieceModel model, const TokenizerSettings& settings, const std::string& name);

  std::unique_ptr<Encoder> make_encoder(std::size_t memory_bytes) const override;
  std::vector<Piece> encode_with_offsets(std::string_view text, SpecialTokens special) const override;

  std::int32_t vocabulary_size() const override { return static_cast<std::int32_t>(model_.pieces.size()); }
  std::string_view piece(std::int32_t id) const override { return entry(id).text; }
  bool starts_word(std::int32_t id) const override;
  const SpecialIds& special() const override { return special_; }
  const TokenizerSettings& settings() const override { return settings_; }
  std::string fingerprint() const override;

  void normalize(std::string_view text, NormalizedText& result) const override;
  void append_pieces(const NormalizedText& text, std::size_t begin, std::size_t end,
                     std::vector<Piece>& pieces) const override;
  bool is_special(std::int32_t id) const override;
  void append_decoded(std::string_view piece, bool first, std::string& text) const override;
  std::vector<AddedToken> verbatim_symbols() const override;
  void save_with(const std::filesystem::path& folder, std::int64_t max_length,
                 std::span<const AddedToken> added) const override;
  std::vector<std::string> words(std::string_view text) const override;
  void append_word(std::string_view word, std::vector<std::int32_t>& ids) const override;
  /// The new pieces score a little more than the best way to cut their words without them, so that they are taken for
  /// their words, and change as little as can be where other words begin with them.
  std::shared_ptr<const VocabularyTokenizer> with_words(std::span<const std::string> words) const override;

 private:
  const VocabularyPiece& entry(std::int32_t id) const;
  std::vector<VocabularyPiece> scored(std::span<const std::string> words) const;

  SentencePieceModel model_;
  TokenizerSettings settings_;
  SpecialIds special_;
  std::vector<bool> starts_word_;
  Segmenter segmenter_;
};

}  // namespace albert::text
