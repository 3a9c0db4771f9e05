#include "model/heads/question_answering.h"

#include "model/heads/ragged.h"

namespace albert::model {

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

at::Tensor AlbertForQuestionAnswering::loss_sum(const at::Tensor& scores, const ItemBatch& batch) const {
  std::vector<std::int64_t> lengths;
  for (const std::int64_t length : lengths_of(batch.sequences.offsets)) lengths.insert(lengths.end(), 2, length);
  return ops::cross_entropy_sum(as_rows(scores, lengths), labels_of(batch)) / 2;
}

std::vector<std::int64_t> AlbertForQuestionAnswering::score_offsets(const ItemBatch& batch) const {
  std::vector<std::int64_t> offsets = batch.sequences.offsets;
  for (std::int64_t& offset : offsets) offset *= 2;
  return offsets;
}

}  // namespace albert::model
