#include "model/layer.h"

#include "model/activation.h"

namespace albert::model {

AlbertLayer::AlbertLayer(const AlbertConfig& config, const Compute& compute)
    : config_(config),
      full_layer_layer_norm_(register_module(
          "full_layer_layer_norm", std::make_shared<LayerNorm>(config.hidden_size, config.layer_norm_eps, compute))),
      attention_(register_module("attention", std::make_shared<AlbertAttention>(config, compute))),
      ffn_(register_module("ffn", std::make_shared<Linear>(config.hidden_size, config.intermediate_size, compute))),
      ffn_output_(register_module("ffn_output",
                                  std::make_shared<Linear>(config.intermediate_size, config.hidden_size, compute))) {}

at::Tensor AlbertLayer::forward(const at::Tensor& hidden, const LayerContext& context) const {
  const at::Tensor asked = context.selection ? ops::select_rows(hidden, context.selection->rows) : hidden;  // [R, H]
  const at::Tensor attended = attention_->forward(hidden, asked, context);                                  // [R, H]
  const at::Tensor intermediate = ffn_->forward(attended, activation_of(config_));                          // [R, I]
  const double probability = config_.ffn_output_dropout ? config_.hidden_dropout_prob : 0;
  return full_layer_layer_norm_->forward(ffn_output_->forward(intermediate), attended,
                                         context.pass.dropout(probability, context.application, DropoutSite::kFfnOutput,
                                                              context.row_numbers()));  // [R, H]
}

}  // namespace albert::model
