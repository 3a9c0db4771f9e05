#include "model/heads/question_answering.h"

#include <algorithm>
#include <tuple>

#include "model/heads/ragged.h"

namespace albert::model {

namespace {

/// Where no answer can start or end: [T] bool.
at::Tensor impossible_tokens(const PackedBatch& batch) {
  const at::Tensor last_rows = batch.row_offsets.slice(0, 1) - 1;  // [B]
  return batch.segment_ids.eq(0)
      .index_fill(0, last_rows.to(at::kLong), true)
      .index_fill(0, batch.first_rows().to(at::kLong), false);
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

AlbertForQuestionAnswering::AlbertForQuestionAnswering(const AlbertConfig& config, const HeadConfig& head,
                                                       const Compute& compute)
    : TaskModel(config, head, compute, Pooling::kNone),
      qa_outputs_(register_module("qa_outputs", std::make_shared<ScoreLayer>(config.hidden_size, 2, compute))) {}

at::Tensor AlbertForQuestionAnswering::scores(const ItemBatch& batch, const Pass& pass) const {
  const at::Tensor both = qa_outputs_->forward(hidden(batch, pass));  // [T, 2]
  std::vector<at::Tensor> parts;
  for (const at::Tensor& item : both.split_with_sizes(lengths_of(batch.sequences.offsets))) {
    parts.push_back(item.t().reshape(-1));  // [2 L]
  }
  return at::cat(parts);  // [2 T]
}

at::Tensor AlbertForQuestionAnswering::loss_sum(const at::Tensor& scores, const ItemBatch& batch,
                                                const LossConfig& /*loss*/) const {
  std::vector<std::int64_t> lengths;
  for (const std::int64_t length : lengths_of(batch.sequences.offsets)) lengths.insert(lengths.end(), 2, length);
  return ops::cross_entropy_sum(as_rows(scores, lengths), labels_of(batch)) / 2;
}

std::vector<std::int64_t> AlbertForQuestionAnswering::score_offsets(const ItemBatch& batch) const {
  std::vector<std::int64_t> offsets = batch.sequences.offsets;
  for (std::int64_t& offset : offsets) offset *= 2;
  return offsets;
}

AnswerEnd::AnswerEnd(const AlbertConfig& config, const Compute& compute)
    : dense_0_token_(
          register_module("dense_0_token", std::make_shared<Linear>(config.hidden_size, config.hidden_size, compute))),
      dense_0_start_(register_module("dense_0_start", std::make_shared<Linear>(config.hidden_size, config.hidden_size,
                                                                               compute, /*has_bias=*/false))),
      layer_norm_(register_module("LayerNorm",
                                  std::make_shared<LayerNorm>(config.hidden_size, config.layer_norm_eps, compute))),
      dense_1_(register_module("dense_1", std::make_shared<ScoreLayer>(config.hidden_size, 1, compute))) {}

at::Tensor AnswerEnd::forward(const at::Tensor& hidden, const at::Tensor& starts,
                              const at::Tensor& sequence_of_token) const {
  const at::Tensor of_token = dense_0_token_->forward(hidden);  // [T, H]
  std::vector<at::Tensor> scores;
  for (const at::Tensor& start : starts.unbind(0)) {
    const at::Tensor of_start = dense_0_start_->forward(ops::select_rows(hidden, start));               // [B, H]
    const at::Tensor given_start = at::tanh(of_token + ops::select_rows(of_start, sequence_of_token));  // [T, H]
    scores.push_back(dense_1_->forward(layer_norm_->forward(given_start)).squeeze(1));                  // [T]
  }
  return at::stack(scores);  // [K, T]
}

AnswerClass::AnswerClass(const AlbertConfig& config, const Compute& compute)
    : dense_0_(
          register_module("dense_0", std::make_shared<Linear>(2 * config.hidden_size, config.hidden_size, compute))),
      dense_1_(register_module("dense_1",
                               std::make_shared<ScoreLayer>(config.hidden_size, 1, compute, /*has_bias=*/false))) {}

at::Tensor AnswerClass::forward(const at::Tensor& expected_start, const at::Tensor& first,
                                const ops::Dropout& dropout) const {
  const at::Tensor feature = at::tanh(dense_0_->forward(at::cat({expected_start, first}, 1)));  // [B, H]
  return dense_1_->forward(ops::dropout(feature, dropout)).squeeze(1);                          // [B]
}

AlbertForJointQuestionAnswering::AlbertForJointQuestionAnswering(const AlbertConfig& config, const HeadConfig& head,
                                                                 const Compute& compute)
    : TaskModel(config, head, compute, Pooling::kNone),
      start_logits_(register_module("start_logits", std::make_shared<ScoreLayer>(config.hidden_size, 1, compute))),
      end_logits_(register_module("end_logits", std::make_shared<AnswerEnd>(config, compute))),
      answer_class_(register_module("answer_class", std::make_shared<AnswerClass>(config, compute))) {}

std::int64_t AlbertForJointQuestionAnswering::num_rows(std::int64_t length, const ItemBatch& batch) const {
  return batch.labels.defined() ? 1 : std::min(head().num_starts, length);
}

at::Tensor AlbertForJointQuestionAnswering::choose_starts(const at::Tensor& start_scores,
                                                          const ItemBatch& batch) const {
  const at::Tensor begins = batch.sequences.first_rows().to(at::kLong);                                // [B]
  if (batch.labels.defined()) return (begins + batch.labels.view({-1, 3}).select(1, 0)).unsqueeze(0);  // [1, B]
  const at::Tensor rows = as_rows(start_scores.detach(), lengths_of(batch.sequences.offsets));         // [B, L]
  const at::Tensor best = std::get<1>(rows.sort(/*stable=*/true, 1, /*descending=*/true));             // [B, L]
  // A sequence shorter than the beam gets rows of its neighbours in places that scores() leaves out.
  return (best.slice(1, 0, head().num_starts).t() + begins).clamp_max(start_scores.numel() - 1);  // [K, B]
}

at::Tensor AlbertForJointQuestionAnswering::score_answerless(const at::Tensor& states, const at::Tensor& start_scores,
                                                             const ItemBatch& batch, const Pass& pass) const {
  const at::Tensor first = ops::select_rows(states, batch.sequences.first_rows());  // [B, H]
  return answer_class_->forward(expect_start(states, start_scores, batch.sequences), first,
                                pass.dropout_of_sequences(config().classifier_dropout_prob, DropoutSite::kClassifier,
                                                          batch.sequences));  // [B]
}

at::Tensor AlbertForJointQuestionAnswering::scores(const ItemBatch& batch, const Pass& pass) const {
  const PackedBatch& sequences = batch.sequences;
  const at::Tensor states = hidden(batch, pass);                                                            // [T, H]
  const at::Tensor impossible = impossible_tokens(sequences);                                               // [T]
  const at::Tensor start = start_logits_->forward(states).squeeze(1).masked_fill(impossible, kImpossible);  // [T]
  const at::Tensor end = end_logits_->forward(states, choose_starts(start, batch), sequence_of_each_token(sequences))
                             .masked_fill(impossible, kImpossible);            // [K, T]
  const at::Tensor answerless = score_answerless(states, start, batch, pass);  // [B]
  std::vector<at::Tensor> parts;
  for (std::size_t b = 0; b + 1 < sequences.offsets.size(); ++b) {
    const std::int64_t begin = sequences.offsets[b], stop = sequences.offsets[b + 1];
    const at::Tensor ends = end.slice(0, 0, num_rows(stop - begin, batch)).slice(1, begin, stop);  // [K, L]
    parts.insert(parts.end(),
                 {start.slice(0, begin, stop), ends.reshape(-1), answerless[static_cast<std::int64_t>(b)].view(1)});
  }
  return at::cat(parts);  // [sum of (1 + K) L + 1]
}

at::Tensor AlbertForJointQuestionAnswering::loss_sum(const at::Tensor& scores, const ItemBatch& batch,
                                                     const LossConfig& /*loss*/) const {
  const at::Tensor labels = labels_of(batch).view({-1, 3});  // [B, 3]
  std::vector<std::int64_t> sizes, lengths;
  for (const std::int64_t length : lengths_of(batch.sequences.offsets)) {
    sizes.insert(sizes.end(), {length, length, 1});
    lengths.insert(lengths.end(), 2, length);
  }
  std::vector<at::Tensor> places, answerless;
  const auto parts = scores.split_with_sizes(sizes);
  for (std::size_t i = 0; i < parts.size(); i += 3) {
    places.insert(places.end(), {parts[i], parts[i + 1]});
    answerless.push_back(parts[i + 2]);
  }
  const at::Tensor places_loss =
      ops::cross_entropy_sum(as_rows(at::cat(places), lengths), labels.slice(1, 0, 2).reshape(-1));
  const at::Tensor is_answerless = (1 - labels.select(1, 2)).to(at::kFloat);  // [B]
  const at::Tensor class_loss =
      at::binary_cross_entropy_with_logits(at::cat(answerless), is_answerless, {}, {}, at::Reduction::Sum);
  return (places_loss + class_loss) / 2;
}

std::vector<std::int64_t> AlbertForJointQuestionAnswering::score_offsets(const ItemBatch& batch) const {
  std::vector<std::int64_t> offsets = {0};
  for (const std::int64_t length : lengths_of(batch.sequences.offsets)) {
    offsets.push_back(offsets.back() + (1 + num_rows(length, batch)) * length + 1);
  }
  return offsets;
}

}  // namespace albert::model
