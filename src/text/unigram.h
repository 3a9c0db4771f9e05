#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "text/piece_trie.h"
#include "text/sentencepiece_model.h"

namespace albert::text {

/// Finds the segmentation of the highest total score (Kudo, "Subword Regularization", 2018, by Viterbi's algorithm).
///
/// Scores are added in double precision, in the order and with the tie rule of Transformers' Unigram model (the
/// tokenizers library, models/unigram/model.rs, encode_optimized), so ties and near ties fall the same way;
/// SentencePiece itself adds in single precision. A character that no piece begins with scores 10 below the lowest
/// piece, and neighbouring unknown characters become one piece.
class Unigram {
 public:
  /// A piece of a word; byte offsets into the word.
  struct Segment {
    std::int32_t id;
    std::uint32_t begin;
    std::uint32_t end;
  };

  /// Memory that a thread lends for segmenting.
  struct Scratch {
    struct Node {
      double score;         ///< the total of the best way here; -infinity: none yet
      std::uint32_t start;  ///< where its last piece begins
      std::int32_t id;
    };
    std::vector<Node> nodes;
  };

  /// \param model must outlive this
  explicit Unigram(const SentencePieceModel& model, std::int32_t unknown_id);

  /// Appends the segments of a word: valid UTF-8 with its leading "▁". Memory grows with the longest stretch that some
  /// piece always bridges, not with the word.
  /// \return their total score
  double segment(std::string_view word, Scratch& scratch, std::vector<Segment>& segments) const;

 private:
  void add_edges(std::string_view word, std::uint32_t from, std::uint32_t chunk, Scratch& scratch) const;
  void emit(std::uint32_t chunk, const Scratch& scratch, std::vector<Segment>& segments) const;

  std::int32_t unknown_id_;
  double unknown_score_;
  std::vector<double> scores_;
  PieceTrie trie_;
};

}  // namespace albert::text
