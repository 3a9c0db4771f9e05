#pragma once

#include <cstdint>

namespace albert::model {

/// The head on top of the encoder. C classes, L tokens of the sequence, P positions, S sequences of an item. What an
/// item of each kind holds, what its scores are (always float32, before any softmax), and the Auto class of
/// Transformers that opens it:
enum class HeadKind {
  /// One sequence; labels {class}. Scores [C]. Cross entropy. AutoModelForSequenceClassification.
  kClassification,
  /// One sequence; values {number}. Scores [1]. Squared error.
  /// AutoModelForSequenceClassification, problem_type regression.
  kRegression,
  /// One sequence; values [C], each 0 or 1. Scores [C]. Binary cross entropy.
  /// AutoModelForSequenceClassification, problem_type multi_label_classification.
  kMultilabel,
  /// One sequence; positions [P], labels [P]. Scores [P, C]. Cross entropy of each position.
  /// AutoModelForTokenClassification.
  kTokenClassification,
  /// One sequence; labels {start, end}, positions of tokens. Scores [2, L]: of every token to be the start, then to be
  /// the end. Mean of two cross entropies.
  /// AutoModelForQuestionAnswering.
  kQuestionAnswering,
  /// As kQuestionAnswering, and labels {start, end, answerable 0 or 1}. The end is scored given the start, as in
  /// google-research/albert squad_utils.py:1428-1575. Scores end to end:
  ///   1. [L] of every token to be the start;
  ///   2. rows of [L] to be the end: with labels one row, given the labelled start; without labels K = min(num_starts,
  ///      L) rows, given each of the K best starts, the best first and of equals the earlier token;
  ///   3. [1] the logit of having no answer.
  /// That is 2 L + 1 or (1 + K) L + 1. An answer may begin and end at the first token,
  /// which stands for none, or in segment 1 but for its [SEP]; elsewhere both scores are -1e30. The loss is half the
  /// sum of two cross entropies and the binary cross entropy of having no answer. No Auto class has this head.
  kJointQuestionAnswering,
  /// S sequences, one for each choice; labels {choice}. Scores [S]. Cross entropy. AutoModelForMultipleChoice.
  kMultipleChoice,
  /// One sequence; positions {start of the first entity, of the second}; labels {class}. Scores [C]. Cross entropy.
  /// No Auto class has this head.
  kEntityPair,
  /// One sequence or two; values {similarity} or labels {class}, by EmbeddingObjective. Scores [S, H]: a vector of
  /// length 1 for each sequence.
  /// AutoModel.
  kEmbedding,
};

/// How a sequence becomes one vector.
enum class EmbeddingPooling { kMean, kFirstToken };

/// What two texts' vectors u and v are trained for.
enum class EmbeddingObjective {
  kCosine,           ///< squared error between cos(u, v) and the item's value, in [-1, 1]
  kClassification,   ///< cross entropy of a linear layer over [u; v; |u - v|] (Reimers & Gurevych, arXiv 1908.10084)
  kInBatchNegatives  ///< cross entropy of `scale` cos(u, v_j) over the batch's v_j: the item's own is the right one
};

/// What a head is made with. Which members count depends on its kind.
struct HeadConfig {
  HeadKind kind = HeadKind::kClassification;
  std::int64_t num_labels = 2;  ///< C
  EmbeddingPooling pooling = EmbeddingPooling::kMean;
  EmbeddingObjective objective = EmbeddingObjective::kCosine;
  double scale = 20;  ///< what the cosines of kInBatchNegatives are multiplied with
  /// For kJointQuestionAnswering without labels: how many starts have their ends scored (start_n_top).
  std::int64_t num_starts = 5;
};

}  // namespace albert::model
