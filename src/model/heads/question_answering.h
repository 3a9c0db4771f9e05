#pragma once

#include "model/modules.h"
#include "model/task_model.h"

namespace albert::model {

/// The first and last token of an answer: a linear layer scores every token as either, without a pooler (Hugging Face's
/// AlbertForQuestionAnswering). T tokens, H hidden.
class AlbertForQuestionAnswering : public TaskModel {
 public:
  AlbertForQuestionAnswering(const AlbertConfig& config, const HeadConfig& head, const Compute& compute);

  /// -> [2 T]: of each item the scores of its tokens to be the start, then to be the end
  at::Tensor scores(const ItemBatch& batch, const Pass& pass) const override;
  at::Tensor loss_sum(const at::Tensor& scores, const ItemBatch& batch, const LossConfig& loss) const override;
  std::vector<std::int64_t> score_offsets(const ItemBatch& batch) const override;

 private:
  std::shared_ptr<ScoreLayer> qa_outputs_;
};

/// Scores every token as the end of an answer that starts at a given one: dense layers over the two side by side. The
/// first one's matrix is kept in two halves, so that the tokens' half is multiplied once for all starts. T tokens, B
/// sequences, K starts, H hidden.
class AnswerEnd : public torch::nn::Module {
 public:
  AnswerEnd(const AlbertConfig& config, const Compute& compute);

  /// \param hidden [T, H]
  /// \param starts [K, B] int64, rows in `hidden` of K starts of each sequence
  /// \param sequence_of_token [T] int64
  /// \return [K, T] float32
  at::Tensor forward(const at::Tensor& hidden, const at::Tensor& starts, const at::Tensor& sequence_of_token) const;

 private:
  std::shared_ptr<Linear> dense_0_token_;
  std::shared_ptr<Linear> dense_0_start_;  // without bias
  std::shared_ptr<LayerNorm> layer_norm_;
  std::shared_ptr<ScoreLayer> dense_1_;
};

/// Scores a sequence as having no answer, from [CLS] and where its answer is expected to start.
class AnswerClass : public torch::nn::Module {
 public:
  AnswerClass(const AlbertConfig& config, const Compute& compute);

  /// expected_start, first [B, H] -> [B] float32
  at::Tensor forward(const at::Tensor& expected_start, const at::Tensor& first, const ops::Dropout& dropout) const;

 private:
  std::shared_ptr<Linear> dense_0_;
  std::shared_ptr<ScoreLayer> dense_1_;  // without bias
};

/// Where an answer is and whether there is one, learnt together: google-research/albert squad_utils.py:1428-1575, the
/// head that XLNet brought. The end is scored given the right start where it is known, otherwise given each of the
/// best ones. An answer lies in segment 1, without its [SEP], or at [CLS], which stands for none (p_mask,
/// squad_utils.py:389-435); all other tokens have the score kImpossible. No class of Transformers has this head; its
/// parts are named as there.
class AlbertForJointQuestionAnswering : public TaskModel {
 public:
  AlbertForJointQuestionAnswering(const AlbertConfig& config, const HeadConfig& head, const Compute& compute);

  /// -> the items' scores end to end, as HeadKind lays them out
  at::Tensor scores(const ItemBatch& batch, const Pass& pass) const override;
  /// (cross entropy of the start + of the end + of there being an answer) / 2: squad_utils.py:1654-1664
  at::Tensor loss_sum(const at::Tensor& scores, const ItemBatch& batch, const LossConfig& loss) const override;
  std::vector<std::int64_t> score_offsets(const ItemBatch& batch) const override;

 private:
  /// For how many starts the ends of a sequence of some length are scored.
  std::int64_t num_rows(std::int64_t length, const ItemBatch& batch) const;
  at::Tensor choose_starts(const at::Tensor& start_scores, const ItemBatch& batch) const;
  at::Tensor score_answerless(const at::Tensor& states, const at::Tensor& start_scores, const ItemBatch& batch,
                              const Pass& pass) const;

  std::shared_ptr<ScoreLayer> start_logits_;
  std::shared_ptr<AnswerEnd> end_logits_;
  std::shared_ptr<AnswerClass> answer_class_;
};

}  // namespace albert::model
