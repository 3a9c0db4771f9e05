#include "model/attention.h"

namespace albert::model {

AlbertAttention::AlbertAttention(const AlbertConfig& config, const Compute& compute)
    : config_(config),
      query_(register_module("query", std::make_shared<Linear>(config.hidden_size, config.hidden_size, compute))),
      key_(register_module("key", std::make_shared<Linear>(config.hidden_size, config.hidden_size, compute))),
      value_(register_module("value", std::make_shared<Linear>(config.hidden_size, config.hidden_size, compute))),
      dense_(register_module("dense", std::make_shared<Linear>(config.hidden_size, config.hidden_size, compute))),
      layer_norm_(register_module("LayerNorm",
                                  std::make_shared<LayerNorm>(config.hidden_size, config.layer_norm_eps, compute))) {}

at::Tensor AlbertAttention::forward(const at::Tensor& hidden, const at::Tensor& asked,
                                    const LayerContext& context) const {
  const auto dropout = [&](double probability, DropoutSite site) {
    ops::Dropout named = context.pass.dropout(probability, context.application, site, context.row_numbers());
    named.first_sequence = context.batch.sequence_numbers.front();
    return named;
  };
  const LinearInput all(hidden);
  const at::Tensor query = context.selection ? query_->forward(asked) : query_->forward(all);  // [R, H]
  const at::Tensor key = key_->forward(all);                                                   // [T, H]
  if (context.is_attention_wanted()) {
    context.trace->attentions.emplace(context.application + 1,
                                      ops::attention_probabilities(query, key, context.queries().offsets,
                                                                   context.batch.offsets, config_.num_attention_heads));
  }
  const at::Tensor attended =
      ops::attention(query, key, value_->forward(all), context.queries(), context.keys(), config_.num_attention_heads,
                     dropout(config_.attention_probs_dropout_prob, DropoutSite::kAttentionProbabilities));  // [R, H]
  return layer_norm_->forward(dense_->forward(attended), asked,
                              dropout(config_.hidden_dropout_prob, DropoutSite::kAttentionOutput));
}

}  // namespace albert::model
