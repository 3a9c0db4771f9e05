#include "model/heads/joint_question_answering.h"

#include "model/heads/ragged.h"

namespace albert::model {

namespace {

/// Where no answer can start or end: [T] bool.
at::Tensor impossible_tokens(const PackedBatch& batch) {
  std::vector<std::int64_t> lasts;
  for (std::size_t b = 1; b < batch.offsets.size(); ++b) lasts.push_back(batch.offsets[b] - 1);
  const at::Device device = batch.token_ids.device();
  return batch.segment_ids.eq(0)
      .index_fill(0, at::tensor(lasts, at::kLong).to(device), true)
      .index_fill(0, first_rows(batch), false);
}

/// Sum of each sequence's hidden states, weighted by the probability of its tokens to be the start: [B, H].
at::Tensor expect_start(const at::Tensor& hidden, const at::Tensor& start_scores, const PackedBatch& batch) {
  const auto lengths = lengths_of(batch.offsets);
  const auto states = hidden.split_with_sizes(lengths), scores = start_scores.split_with_sizes(lengths);
  std::vector<at::Tensor> sums;
  for (std::size_t b = 0; b < lengths.size(); ++b) {
    const at::Tensor probabilities = at::softmax(scores[b], 0).to(hidden.scalar_type());  // [L]
    sums.push_back(probabilities.unsqueeze(0).matmul(states[b]));                         // [1, H]
  }
  return at::cat(sums);  // [B, H]
}

}  // namespace

AnswerEnd::AnswerEnd(const AlbertConfig& config)
    : dense_0_(register_module("dense_0", std::make_shared<Linear>(2 * config.hidden_size, config.hidden_size))),
      layer_norm_(register_module("LayerNorm", std::make_shared<LayerNorm>(config.hidden_size, config.layer_norm_eps))),
      dense_1_(register_module("dense_1", std::make_shared<ScoreLayer>(config.hidden_size, 1))) {}

at::Tensor AnswerEnd::forward(const at::Tensor& hidden, const at::Tensor& starts,
                              const at::Tensor& sequence_of_token) const {
  const at::Tensor start_of_token = ops::select_rows(ops::select_rows(hidden, starts), sequence_of_token);  // [T, H]
  const at::Tensor given_start = at::tanh(dense_0_->forward(at::cat({hidden, start_of_token}, 1)));         // [T, H]
  return dense_1_->forward(layer_norm_->forward(given_start)).squeeze(1);                                   // [T]
}

AnswerClass::AnswerClass(const AlbertConfig& config)
    : dense_0_(register_module("dense_0", std::make_shared<Linear>(2 * config.hidden_size, config.hidden_size))),
      dense_1_(register_module("dense_1", std::make_shared<ScoreLayer>(config.hidden_size, 1, /*has_bias=*/false))) {}

at::Tensor AnswerClass::forward(const at::Tensor& expected_start, const at::Tensor& first,
                                const ops::Dropout& dropout) const {
  const at::Tensor feature = at::tanh(dense_0_->forward(at::cat({expected_start, first}, 1)));  // [B, H]
  return dense_1_->forward(ops::dropout(feature, dropout)).squeeze(1);                          // [B]
}

AlbertForJointQuestionAnswering::AlbertForJointQuestionAnswering(const AlbertConfig& config, const HeadConfig& head)
    : TaskModel(config, head, Pooling::kNone),
      start_logits_(register_module("start_logits", std::make_shared<ScoreLayer>(config.hidden_size, 1))),
      end_logits_(register_module("end_logits", std::make_shared<AnswerEnd>(config))),
      answer_class_(register_module("answer_class", std::make_shared<AnswerClass>(config))) {}

at::Tensor AlbertForJointQuestionAnswering::find_starts(const at::Tensor& start_scores, const ItemBatch& batch,
                                                        const Pass& pass) const {
  const at::Tensor begins = first_rows(batch.sequences);  // [B]
  if (pass.training) return begins + labels_of(batch).view({-1, 3}).select(1, 0);
  return begins + as_rows(start_scores.detach(), lengths_of(batch.sequences.offsets)).argmax(1);
}

at::Tensor AlbertForJointQuestionAnswering::scores(const ItemBatch& batch, const Pass& pass) const {
  const PackedBatch& sequences = batch.sequences;
  const at::Tensor states = hidden(batch, pass);                                                            // [T, H]
  const at::Tensor impossible = impossible_tokens(sequences);                                               // [T]
  const at::Tensor start = start_logits_->forward(states).squeeze(1).masked_fill(impossible, kImpossible);  // [T]
  const at::Tensor end =
      end_logits_->forward(states, find_starts(start, batch, pass), sequence_of_each_token(sequences))
          .masked_fill(impossible, kImpossible);  // [T]
  const ops::Dropout dropout =
      pass.dropout_of_sequences(config().classifier_dropout_prob, DropoutSite::kClassifier, sequences);
  const at::Tensor no_answer = answer_class_->forward(expect_start(states, start, sequences),
                                                      ops::select_rows(states, first_rows(sequences)), dropout);  // [B]
  const auto lengths = lengths_of(sequences.offsets);
  const auto starts = start.split_with_sizes(lengths), ends = end.split_with_sizes(lengths);
  const auto no_answers = no_answer.split(1);
  std::vector<at::Tensor> parts;
  for (std::size_t b = 0; b < lengths.size(); ++b) {
    parts.insert(parts.end(), {starts[b], ends[b], no_answers[b]});
  }
  return at::cat(parts);  // [2 T + B]
}

at::Tensor AlbertForJointQuestionAnswering::loss_sum(const at::Tensor& scores, const ItemBatch& batch) const {
  const at::Tensor labels = labels_of(batch).view({-1, 3});  // [B, 3]
  std::vector<std::int64_t> sizes, lengths;
  for (const std::int64_t length : lengths_of(batch.sequences.offsets)) {
    sizes.insert(sizes.end(), {2 * length, 1});
    lengths.insert(lengths.end(), 2, length);
  }
  std::vector<at::Tensor> places, no_answers;
  const auto parts = scores.split_with_sizes(sizes);
  for (std::size_t i = 0; i < parts.size(); i += 2) {
    places.push_back(parts[i]);
    no_answers.push_back(parts[i + 1]);
  }
  const at::Tensor place_losses =
      ops::cross_entropy_sum(as_rows(at::cat(places), lengths), labels.slice(1, 0, 2).reshape(-1));
  const at::Tensor without_answer = (1 - labels.select(1, 2)).to(at::kFloat);  // [B]
  const at::Tensor class_losses =
      at::binary_cross_entropy_with_logits(at::cat(no_answers), without_answer, {}, {}, at::Reduction::Sum);
  return (place_losses + class_losses) / 2;
}

std::vector<std::int64_t> AlbertForJointQuestionAnswering::score_offsets(const ItemBatch& batch) const {
  std::vector<std::int64_t> offsets = batch.sequences.offsets;
  for (std::size_t i = 0; i < offsets.size(); ++i) offsets[i] = 2 * offsets[i] + static_cast<std::int64_t>(i);
  return offsets;
}

}  // namespace albert::model
