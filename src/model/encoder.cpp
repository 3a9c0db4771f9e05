#include "model/encoder.h"

#include "model/modules.h"
#include "model/recompute.h"

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

AlbertLayerGroup::AlbertLayerGroup(const AlbertConfig& config, const Compute& compute)
    : albert_layers_(register_module("albert_layers", std::make_shared<ModuleList<AlbertLayer>>())) {
  for (std::int64_t i = 0; i < config.inner_group_num; ++i)
    albert_layers_->add(std::make_shared<AlbertLayer>(config, compute));
}

AlbertTransformer::AlbertTransformer(const AlbertConfig& config, const Compute& compute)
    : config_(config),
      compute_type_(compute.activation_type()),
      albert_layer_groups_(register_module("albert_layer_groups", std::make_shared<ModuleList<AlbertLayerGroup>>())) {
  if (config.model_type == ModelType::kAlbert) {
    embedding_hidden_mapping_in_ = register_module(
        "embedding_hidden_mapping_in", std::make_shared<Linear>(config.embedding_size, config.hidden_size, compute));
  }
  for (std::int64_t i = 0; i < config.num_hidden_groups; ++i) {
    albert_layer_groups_->add(std::make_shared<AlbertLayerGroup>(config, compute));
  }
}

at::Tensor AlbertTransformer::forward(const at::Tensor& embedded, const PackedBatch& batch,
                                      const RowSelection* selection, const Pass& pass, EncoderTrace* trace) const {
  const at::Tensor input = embedded.to(compute_type_);                                                      // [T, E]
  at::Tensor hidden = embedding_hidden_mapping_in_ ? embedding_hidden_mapping_in_->forward(input) : input;  // [T, H]
  if (trace) trace->take_state(0, hidden);
  const std::int64_t num_layers = pass.num_layers > 0 ? pass.num_layers : config_.num_hidden_layers;
  std::int64_t application = 0;
  for (std::int64_t i = 0; i < num_layers; ++i) {
    const AlbertLayerGroup& group = (*albert_layer_groups_)[static_cast<std::size_t>(config_.group_of_layer(i))];
    for (const auto& layer : group.layers().children_in_order()) {
      const bool last = application + 1 == num_layers * config_.inner_group_num;
      hidden = apply(*layer, hidden,
                     {batch, last ? selection : nullptr, application, pass, trace});  // [T, H], the last [R, H]
      ++application;
      if (trace) trace->take_state(application, hidden);
    }
  }
  return hidden;
}

at::Tensor AlbertTransformer::apply(const AlbertLayer& layer, const at::Tensor& hidden,
                                    const LayerContext& context) const {
  if (!context.pass.recompute || !at::GradMode::is_enabled()) return layer.forward(hidden, context);
  // The batch and the selection are held by value: the backward pass may run after the caller's are gone.
  const auto body = [&layer, batch = context.batch,
                     selection = context.selection ? std::optional(*context.selection) : std::nullopt,
                     application = context.application, pass = context.pass](const at::Tensor& x) {
    return layer.forward(x, {batch, selection ? &*selection : nullptr, application, pass});
  };
  return recompute(body, hidden, layer.parameters());
}

}  // namespace albert::model
