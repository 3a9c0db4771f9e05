#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace albert::text {

/// What a piece is for (SentencePiece.Type of sentencepiece_model.proto).
enum class PieceType { kNormal = 1, kUnknown = 2, kControl = 3, kUserDefined = 4, kUnused = 5, kByte = 6 };

/// One entry of the vocabulary.
struct VocabularyPiece {
  std::string text;  ///< UTF-8; "▁" stands for the space before a word
  float score;       ///< natural logarithm of its probability; 0 for special and user-defined pieces
  PieceType type;

  /// Whether text can be segmented into it; special tokens never come from plain text.
  bool matches_text() const { return type == PieceType::kNormal || type == PieceType::kUserDefined; }
  /// The score that segmentation uses: lowered by 100 for a piece of more than one character that ends in a digit and a
  /// comma. This has the effect of Google's rule that re-encodes such pieces ("2000," is "▁2000" ",";
  /// google-research/albert tokenization.py:53-88), and is how Transformers' published tokenizers have it.
  double segmentation_score() const;
};

/// The way back: the score of a piece of which VocabularyPiece::segmentation_score() is known; nothing if that is not
/// lowered where it has to be.
std::optional<float> score_of_segmentation(std::string_view text, double segmentation_score);

/// What a `spiece.model` holds of interest: a unigram vocabulary and its character map.
struct SentencePieceModel {
  std::vector<VocabularyPiece> pieces;  ///< by id
  std::string charsmap;                 ///< normalizer_spec.precompiled_charsmap; empty: no map
  std::string bytes;                    ///< the file itself

  /// Throws ModelError naming `name` if the bytes are not a SentencePiece model, or not a unigram model as ALBERT needs
  /// it.
  static SentencePieceModel parse(std::string bytes, const std::string& name);
  /// Only the character map of a serialised model, of whatever type.
  static std::string parse_charsmap(std::string_view bytes);
};

/// A ModelProto of a unigram vocabulary, which SentencePiece opens too.
std::string serialize_unigram(const std::vector<VocabularyPiece>& pieces, std::string_view charsmap);

/// The model `bytes` with pieces behind its own, and without the examples by which SentencePiece tests it.
std::string with_pieces(std::string_view bytes, const std::vector<VocabularyPiece>& pieces);

/// The model `bytes` with the normalizer_spec of `donor`; both serialised ModelProtos.
std::string with_normalizer_of(std::string_view bytes, std::string_view donor);

}  // namespace albert::text
