#include "model/albert_model.h"

#include "base/error.h"

namespace albert::model {

AlbertModel::AlbertModel(const AlbertConfig& config, const Compute& compute, Pooling pooling)
    : embeddings_(register_module("embeddings", std::make_shared<AlbertEmbeddings>(config, compute))),
      encoder_(register_module("encoder", std::make_shared<AlbertTransformer>(config, compute))) {
  if (pooling == Pooling::kFirstToken) {
    pooler_ = register_module("pooler", std::make_shared<Linear>(config.hidden_size, config.hidden_size, compute));
  }
}

at::Tensor AlbertModel::embed(const PackedBatch& batch, const Pass& pass) const {
  return pass.embedded.defined() ? pass.embedded : embeddings_->forward(batch, pass);
}

at::Tensor AlbertModel::forward(const PackedBatch& batch, const RowSelection* selection, const Pass& pass) const {
  return encoder_->forward(embed(batch, pass), batch, selection, pass);
}

EncoderTrace AlbertModel::look_inside(const PackedBatch& batch, const Pass& pass, EncoderTrace wanted) const {
  encoder_->forward(embed(batch, pass), batch, nullptr, pass, &wanted);
  return wanted;
}

at::Tensor AlbertModel::pool(const at::Tensor& hidden, const at::Tensor& first_rows) const {
  if (!pooler_) throw InternalError("this model was built without a pooler");
  return at::tanh(pooler_->forward(ops::select_rows(hidden, first_rows)));  // [B, H]
}

}  // namespace albert::model
