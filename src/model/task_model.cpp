#include "model/task_model.h"

#include <utility>

#include "base/error.h"
#include "model/heads/classification.h"
#include "model/heads/embedding.h"
#include "model/heads/question_answering.h"

namespace albert::model {

TaskModel::TaskModel(const AlbertConfig& config, HeadConfig head, const Compute& compute, Pooling pooling)
    : TaskModel(config, std::move(head), compute, std::make_shared<AlbertModel>(config, compute, pooling)) {}

TaskModel::TaskModel(const AlbertConfig& config, HeadConfig head, const Compute& compute,
                     std::shared_ptr<AlbertModel> encoder)
    : config_(config),
      head_(std::move(head)),
      compute_(compute),
      albert_(register_module("albert", std::move(encoder))) {}

at::Tensor TaskModel::hidden(const ItemBatch& batch, const Pass& pass) const {
  return albert_->forward(batch.sequences, batch.reads_all_rows ? nullptr : &batch.read, pass);  // [R, H] or [T, H]
}

at::Tensor TaskModel::pooled(const ItemBatch& batch, const Pass& pass) const {
  const at::Tensor pooled = albert_->pool(hidden(batch, pass), batch.read.first_rows());  // [B, H]
  return ops::dropout(
      pooled, pass.dropout_of_sequences(config_.classifier_dropout_prob, DropoutSite::kClassifier, batch.sequences));
}

at::Tensor TaskModel::asked_rows(const ItemBatch& batch, const Pass& pass) const {
  const at::Tensor asked = ops::select_rows(hidden(batch, pass), batch.asked_in_read);  // [P, H]
  return ops::dropout(asked, pass.dropout(config_.classifier_dropout_prob, 0, DropoutSite::kClassifier,
                                          batch.read.row_numbers.index_select(0, batch.asked_in_read)));
}

std::shared_ptr<TaskModel> make_task_model(const AlbertConfig& config, const HeadConfig& head, const Compute& compute) {
  switch (head.kind) {
    case HeadKind::kClassification:
    case HeadKind::kRegression:
    case HeadKind::kMultilabel:
      return std::make_shared<AlbertForSequenceClassification>(config, head, compute);
    case HeadKind::kTokenClassification:
      return std::make_shared<AlbertForTokenClassification>(config, head, compute);
    case HeadKind::kQuestionAnswering:
      return std::make_shared<AlbertForQuestionAnswering>(config, head, compute);
    case HeadKind::kJointQuestionAnswering:
      return std::make_shared<AlbertForJointQuestionAnswering>(config, head, compute);
    case HeadKind::kMultipleChoice:
      return std::make_shared<AlbertForMultipleChoice>(config, head, compute);
    case HeadKind::kEntityPair:
      return std::make_shared<AlbertForEntityPair>(config, head, compute);
    case HeadKind::kEmbedding:
      return std::make_shared<AlbertForEmbedding>(config, head, compute);
  }
  throw InternalError("no model with a head of kind {}", static_cast<int>(head.kind));
}

}  // namespace albert::model
