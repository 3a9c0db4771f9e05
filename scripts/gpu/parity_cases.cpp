#include "parity_cases.h"

#include <ATen/ATen.h>
#ifdef ALBERT_CUDA
#include <c10/cuda/CUDAFunctions.h>
#endif

#include <spdlog/fmt/fmt.h>

#include "base/random.h"
#include "model/initialize.h"
#include "model/pack.h"
#include "model/pretraining.h"
#include "ops/plain.h"
#include "optim/optimizer.h"
#include "support/normal_tensor.h"

namespace albert::gpu {

namespace {

using ops::Activation;
using testing::normal;

ops::Weight weight_of(const at::Tensor& master, const at::Tensor& x) {
  return {master, master.detach().to(x.scalar_type())};
}

/// Columns that are read one by one, eight at once, and by several threads of a team.
constexpr std::int64_t kWidths[] = {37, 768, 1024, 4096, 4104};

void add_products(std::vector<Case>& cases, at::ScalarType type) {
  const Tensors inputs = {normal({300, 64}, type, 1), normal({96, 64}, at::kFloat, 2) * 0.2,
                          normal({96}, at::kFloat, 3)};
  const auto linear = [](const auto& form) {
    return [&form](const Tensors& in) { return form(in[0], weight_of(in[1], in[0]), in[2]); };
  };
  cases.push_back({"linear", inputs, linear(ops::linear), linear(ops::plain::linear)});
  for (const auto& [name, activation] :
       {std::pair("gelu", Activation::kGelu), {"gelu_new", Activation::kGeluTanh}, {"relu", Activation::kRelu}}) {
    for (const std::int64_t out : {37, 96}) {
      const auto activated = [a = activation](const auto& form) {
        return [&form, a](const Tensors& in) { return form(in[0], weight_of(in[1], in[0]), in[2], a); };
      };
      cases.push_back({fmt::format("linear + {}, {} columns", name, out),
                       {inputs[0], inputs[1].slice(0, 0, out).contiguous(), inputs[2].slice(0, 0, out).contiguous()},
                       activated(ops::linear_activation),
                       activated(ops::plain::linear_activation)});
    }
  }
}

void add_norms(std::vector<Case>& cases, at::ScalarType type) {
  for (const std::int64_t columns : kWidths) {
    const Tensors inputs = {normal({260, columns}, type, 1), normal({260, columns}, type, 2),
                            normal({columns}, at::kFloat, 3) + 1, normal({columns}, at::kFloat, 4)};
    for (const double probability : {0.0, 0.1}) {
      const auto norm = [probability](const auto& form) {
        return [&form, probability](const Tensors& in) {
          const at::Tensor numbers =
              at::arange(in[0].size(0), in[0].options().dtype(at::kLong)) + (std::int64_t{5} << 33);
          return form(in[0], in[1], {probability, 42, numbers}, in[2], in[3], 1e-12);
        };
      };
      cases.push_back({fmt::format("residual + layer norm, {} columns, dropout {}", columns, probability), inputs,
                       norm(ops::residual_layer_norm), norm(ops::plain::residual_layer_norm)});
    }
  }
  const auto dropped = [](const auto& form) {
    return [&form](const Tensors& in) {
      return form(in[0], {0.3, 77, at::arange(in[0].size(0), in[0].options().dtype(at::kLong)) * 3});
    };
  };
  cases.push_back({"dropout", {normal({300, 300}, type, 1)}, dropped(ops::dropout), dropped(ops::plain::dropout)});
}

void add_attention(std::vector<Case>& cases, at::ScalarType type) {
  struct Shape {
    const char* name;
    ops::Offsets queries, keys;
    std::int64_t heads, head_size;
  };
  static const std::vector<Shape> kShapes = {
      {"equal lengths", {0, 128, 256}, {0, 128, 256}, 4, 64},
      {"ragged", {0, 5, 22, 359}, {0, 5, 22, 359}, 3, 64},
      {"few queries", {0, 1, 1, 40}, {0, 7, 40, 557}, 2, 128},
      {"a head size that no kernel takes", {0, 3, 16}, {0, 11, 24}, 3, 7},
  };
  for (const Shape& shape : kShapes) {
    const std::int64_t hidden = shape.heads * shape.head_size;
    const auto attention = [&shape](const auto& form) {
      return [&form, &shape](const Tensors& in) {
        return form(in[0], in[1], in[2], shape.queries, shape.keys, shape.heads, {});
      };
    };
    cases.push_back({fmt::format("attention, {}", shape.name),
                     {normal({shape.queries.back(), hidden}, type, 1), normal({shape.keys.back(), hidden}, type, 2),
                      normal({shape.keys.back(), hidden}, type, 3)},
                     attention(ops::attention),
                     attention(ops::plain::attention)});
  }
}

void add_losses(std::vector<Case>& cases, at::ScalarType type) {
  for (const std::int64_t classes : {2, 1001, 30000}) {
    const at::Tensor labels = at::arange(100) % classes, weights = normal({classes}, at::kFloat, 2).abs() + 0.1;
    for (const double smoothing : {0.0, 0.1}) {
      const bool is_weighted = smoothing > 0;
      const auto loss = [smoothing, is_weighted](const auto& form) {
        return [&form, smoothing, is_weighted](const Tensors& in) {
          return form(in[0], in[1], {is_weighted ? in[2].detach() : at::Tensor(), smoothing});
        };
      };
      cases.push_back({fmt::format("cross entropy, {} classes{}", classes, is_weighted ? ", weighted, smoothed" : ""),
                       {normal({100, classes}, type, 1) * 5, labels, weights},
                       loss(ops::cross_entropy_sum),
                       loss(ops::plain::cross_entropy_sum)});
    }
  }
}

void add_rows(std::vector<Case>& cases, at::ScalarType type) {
  const at::Tensor rows = at::tensor({1, 3, 1, 0, 7}, at::kInt);
  const auto selected = [](const Tensors& in) { return ops::select_rows(in[0], in[1]); };
  cases.push_back({"rows of a matrix", {normal({9, 64}, type, 1), rows}, selected, selected});
  const auto embedded = [](const Tensors& in) { return ops::embedding(in[0], in[1]); };
  cases.push_back({"rows of a table",
                   {normal({50, 16}, at::kFloat, 1), at::arange(5000) * at::arange(5000) % 50},
                   embedded,
                   embedded});
}

model::PretrainingBatch small_batch() {
  struct Content {
    std::vector<std::int32_t> ids, masked, labels;
  };
  std::vector<Content> contents(6);
  std::vector<model::PretrainingView> views;
  Random random(7, 0);
  for (std::size_t b = 0; b < contents.size(); ++b) {
    Content& content = contents[b];
    for (std::int32_t i = 0; i < static_cast<std::int32_t>(20 + 11 * b); ++i) {
      content.ids.push_back(static_cast<std::int32_t>(5 + random.below(kVocabulary - 5)));
      if (i % 7 != 3) continue;
      content.masked.push_back(i);
      content.labels.push_back(content.ids.back());
    }
    views.push_back({{content.ids, {}}, content.masked, content.labels, static_cast<std::int32_t>(b % 2)});
  }
  return model::pack_pretraining(views);
}

std::shared_ptr<model::AlbertForPretraining> make_model(const model::AlbertConfig& config, at::Device device,
                                                        at::ScalarType type) {
  auto made = std::make_shared<model::AlbertForPretraining>(config, compute_for(device, type));
  fill_parameters(*made);
  return made;
}

/// Whether LibTorch throws where the processor waits for the device.
void refuse_waiting([[maybe_unused]] bool refuses) {
#ifdef ALBERT_CUDA
  using c10::cuda::SyncDebugMode;
  c10::cuda::warning_state().set_sync_debug_mode(refuses ? SyncDebugMode::L_ERROR : SyncDebugMode::L_DISABLED);
#endif
}

}  // namespace

std::vector<Case> operation_cases(at::ScalarType type) {
  std::vector<Case> cases;
  add_products(cases, type);
  add_norms(cases, type);
  add_attention(cases, type);
  add_losses(cases, type);
  add_rows(cases, type);
  return cases;
}

model::AlbertConfig small_config() {
  model::AlbertConfig config;
  config.vocab_size = kVocabulary;
  config.embedding_size = 32;
  config.hidden_size = 128;
  config.num_hidden_layers = 3;
  config.num_attention_heads = 2;
  config.intermediate_size = 256;
  config.hidden_dropout_prob = config.classifier_dropout_prob = 0.1;
  config.attention_probs_dropout_prob = 0;
  return config;
}

model::Compute compute_for(at::Device device, at::ScalarType type) {
  return {.device = device, .precision = type == at::kFloat ? model::Precision::kFloat32 : model::Precision::kBFloat16};
}

void fill_parameters(const torch::nn::Module& module) {
  const at::NoGradGuard no_gradients;
  std::uint64_t seed = 0;
  for (const auto& parameter : module.named_parameters()) {
    const at::Tensor values = normal(parameter.value().sizes(), at::kFloat, ++seed) * 0.1;
    parameter.value().copy_(parameter.key().ends_with("LayerNorm.weight") ? values + 1 : values);
  }
}

void append_gradients(const torch::nn::Module& module, Tensors& all) {
  for (const auto& parameter : module.named_parameters()) {
    const at::Tensor& gradient = parameter.value().grad();
    all.push_back((gradient.defined() ? gradient : at::zeros_like(parameter.value())).cpu());
  }
}

Tensors model_outcome(at::Device device, at::ScalarType type, bool recompute, double attention_dropout) {
  model::AlbertConfig config = small_config();
  config.attention_probs_dropout_prob = attention_dropout;
  const auto made = make_model(config, device, type);
  const model::PretrainingBatch batch = small_batch().to(device);
  const auto output = made->forward(batch, {static_cast<double>(batch.num_targets()), 6},
                                    {.training = true, .seed = 5, .step = 3, .recompute = recompute});
  output.loss.backward();
  Tensors all = {output.loss.detach().view({1}).cpu()};
  append_gradients(*made, all);
  return all;
}

at::Tensor updated_parameters(at::Device device, bool by_lamb, bool bias_correction) {
  optim::NamedTensors parameters;
  for (const std::int64_t size : {100'003, 700, 1})
    parameters.push_back({fmt::format("p{}.{}", size, size > 700 ? "weight" : "bias"),
                          normal({size}, at::kFloat, static_cast<std::uint64_t>(size)).to(device)});
  optim::Optimizer optimizer({.name = by_lamb ? optim::Rule::kLamb : optim::Rule::kAdamW,
                              .learning_rate = 0.01,
                              .bias_correction = bias_correction},
                             parameters);
  for (std::uint64_t step = 0; step < 5; ++step) {
    for (const auto& [name, tensor] : parameters)
      at::Tensor(tensor).mutable_grad() = normal(tensor.sizes(), at::kFloat, 100 + step).to(device);
    optimizer.step(0.01, optim::clip_scale(optim::gradient_norm(parameters), 1.0));
  }
  Tensors all;
  for (const auto& [name, tensor] : parameters) all.push_back(tensor.cpu());
  return at::cat(all);
}

at::Tensor kept_shares(at::Device device, at::ScalarType type, std::int64_t first_sequence) {
  const ops::Offsets offsets = {0, 128, 500};
  const auto on_device = [&](const at::Tensor& x) { return x.to(device); };
  const at::Tensor x = on_device(normal({500, 256}, type, 1) * 0.05);
  const ops::Dropout dropout{0.2, 99, on_device(at::arange(500)), first_sequence};
  return ops::attention(x, x, at::ones_like(x), offsets, offsets, 4, dropout).to(at::kFloat).cpu();
}

bool step_without_waiting(at::Device device) {
  const auto made = make_model(small_config(), device, device.is_cpu() ? at::kFloat : at::kBFloat16);
  optim::Optimizer optimizer({.name = optim::Rule::kAdamW, .learning_rate = 1e-4},
                             optim::named_tensors(made->named_parameters()));
  const model::PretrainingBatch host = small_batch();
  at::Tensor loss;
  for (std::uint64_t step = 0; step < 2; ++step) {  // the first one loads libraries
    if (step > 0) refuse_waiting(true);
    const model::PretrainingBatch batch = host.to(device);
    const auto output = made->forward(batch, {static_cast<double>(batch.num_targets()), 6},
                                      {.training = true, .seed = 5, .step = step});
    output.loss.backward();
    optim::squared_gradient_norm(optimizer.parameters());
    optimizer.step(1e-4, 0.5);
    made->zero_grad();
    loss = output.loss.detach();
  }
  bool was_refused = device.is_cpu();
  try {
    loss.item<float>();
  } catch (const c10::Error&) {
    was_refused = true;
  }
  refuse_waiting(false);
  return was_refused;
}

}  // namespace albert::gpu
