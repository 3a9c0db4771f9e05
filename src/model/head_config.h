#pragma once

#include <cstdint>
#include <vector>

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
  /// One sequence or two; values {similarity} or labels {class}, by EmbeddingObjective. Scores [S, K H] of K layers: a
  /// vector of length 1 for each sequence. With EmbeddingPooling::kNone one sequence, and scores [L, K H] as they are;
  /// then, if they are asked for, the attention probabilities of these layers, [K, N, L, L].
  /// AutoModel.
  kEmbedding,
};

/// How a sequence becomes one vector; kNone: it does not, each of its tokens has its own.
enum class EmbeddingPooling { kMean, kFirstToken, kNone };

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
  /// For kEmbedding: which hidden states a vector is made of, side by side: 0 the mapped embeddings, 1 what the first
  /// layer returns ...; empty: the last one.
  std::vector<std::int64_t> layers = {};
  bool with_attentions = false;  ///< for EmbeddingPooling::kNone, with layers that are not 0
  EmbeddingObjective objective = EmbeddingObjective::kCosine;
  double scale = 20;  ///< what the cosines of kInBatchNegatives are multiplied with
  /// For kJointQuestionAnswering without labels: how many starts have their ends scored (start_n_top).
  std::int64_t num_starts = 5;
};

/// How the losses of a head of classes count while it learns. As it is, every target counts alike.
struct LossConfig {
  /// [C] the factor of the targets of each class, as torch.nn.CrossEntropyLoss's `weight`; of kMultilabel the factor of
  /// a label that a text has, as torch.nn.BCEWithLogitsLoss's `pos_weight`. Empty: 1.
  std::vector<float> class_weights = {};
  /// Share of each target that is spread over all classes alike; of kMultilabel over having the label and not.
  double label_smoothing = 0;
};

}  // namespace albert::model
