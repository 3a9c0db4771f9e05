#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <torch/nn/module.h>

#include "model/albert_model.h"
#include "model/head_config.h"
#include "model/item_batch.h"

namespace albert::model {

/// ALBERT with the head of one task. Parameter names are those of Hugging Face's class for it
/// (AlbertForSequenceClassification and so on), where there is one.
class TaskModel : public torch::nn::Module {
 public:
  ~TaskModel() override = default;

  /// The head's scores, float32, the items' end to end in the shapes of HeadKind.
  virtual at::Tensor scores(const ItemBatch& batch, const Pass& pass) const = 0;
  /// What the encoder begins with, see Pass::embedded: [T, E] float32, without dropout.
  at::Tensor embedded(const ItemBatch& batch) const { return albert_->embed(batch.sequences, {}); }
  /// The sum of the batch's losses, float32 scalar.
  /// \param scores what scores() returned for the batch, which is labelled
  /// \param loss how the targets count, where they are classes
  /// Throws InternalError if it is not.
  virtual at::Tensor loss_sum(const at::Tensor& scores, const ItemBatch& batch, const LossConfig& loss) const = 0;
  at::Tensor loss_sum(const at::Tensor& scores, const ItemBatch& batch) const { return loss_sum(scores, batch, {}); }
  /// Where each item's scores begin among the elements of scores(), and their number at the end: [I + 1].
  virtual std::vector<std::int64_t> score_offsets(const ItemBatch& batch) const = 0;

  const AlbertConfig& config() const { return config_; }
  const HeadConfig& head() const { return head_; }
  const Compute& compute() const { return compute_; }
  /// For other heads on the same weights.
  std::shared_ptr<AlbertModel> encoder() const { return albert_; }

 protected:
  TaskModel(const AlbertConfig& config, HeadConfig head, const Compute& compute, Pooling pooling);
  /// On an encoder that other heads have, too.
  TaskModel(const AlbertConfig& config, HeadConfig head, const Compute& compute, std::shared_ptr<AlbertModel> encoder);

  /// The last hidden states of the rows that the batch says are read: [R, H] compute type, or [T, H].
  at::Tensor hidden(const ItemBatch& batch, const Pass& pass) const;
  /// What classifiers of whole sequences read: pooled and dropped out, [B, H] compute type.
  at::Tensor pooled(const ItemBatch& batch, const Pass& pass) const;
  /// What the items' positions hold, dropped out, in the items' order: [sum of P, H] compute type.
  at::Tensor asked_rows(const ItemBatch& batch, const Pass& pass) const;
  const AlbertModel& albert() const { return *albert_; }

 private:
  AlbertConfig config_;
  HeadConfig head_;
  Compute compute_;
  std::shared_ptr<AlbertModel> albert_;
};

/// With parameters that are yet to be initialised or loaded.
std::shared_ptr<TaskModel> make_task_model(const AlbertConfig& config, const HeadConfig& head, const Compute& compute);

}  // namespace albert::model
