// One pretraining step of ALBERT on random text, on demand: for every line on standard input it does a step and
// prints its seconds as JSON. scripts/bench/pretrain_step.py runs it beside pretrain_step_peer.py, step by step in
// turn. With --floor it does the step's matrix products alone.
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <CLI/CLI.hpp>
#include <c10/core/CachingDeviceAllocator.h>
#include <sys/resource.h>

#include "base/random.h"
#include "model/compute.h"
#include "model/initialize.h"
#include "model/pack.h"
#include "model/pretraining.h"
#include "optim/optimizer.h"

namespace albert {

namespace {

struct Options {
  std::int64_t num_sequences = 8;
  std::int64_t length = 128;
  std::int64_t hidden = 768, layers = 12, heads = 12,
               vocabulary = 30000;  // those of base; the intermediate size is 4 hidden
  double dropout = 0;
  std::string device = "cpu";
  bool float32 = false;
  bool recompute = false;
  bool floor = false;
  int threads = 2;
};

/// What the peer computes too: unless asked otherwise base-v2.
model::AlbertConfig config_of(const Options& options) {
  model::AlbertConfig config;
  config.vocab_size = options.vocabulary;
  config.hidden_size = options.hidden;
  config.num_hidden_layers = options.layers;
  config.num_attention_heads = options.heads;
  config.intermediate_size = 4 * options.hidden;
  config.hidden_dropout_prob = config.attention_probs_dropout_prob = options.dropout;
  return config;
}

model::Compute compute_of(const Options& options) {
  return {.device = options.device == "cuda" ? at::kCUDA : at::kCPU,
          .precision = options.float32 ? model::Precision::kFloat32 : model::Precision::kBFloat16};
}

model::PretrainingBatch random_batch(const Options& options) {
  struct Content {
    std::vector<std::int32_t> ids, segments, masked, labels;
  };
  std::vector<Content> contents(static_cast<std::size_t>(options.num_sequences));
  std::vector<model::PretrainingView> views;
  Random random(1, 0);
  for (Content& content : contents) {
    for (std::int32_t i = 0; i < options.length; ++i) {
      content.ids.push_back(
          static_cast<std::int32_t>(5 + random.below(static_cast<std::uint32_t>(options.vocabulary - 5))));
      content.segments.push_back(i >= options.length / 2);
      if (random.uniform() >= 0.15) continue;
      content.masked.push_back(i);
      content.labels.push_back(content.ids.back());
      content.ids.back() = 4;
    }
    views.push_back(
        {{content.ids, content.segments}, content.masked, content.labels, static_cast<std::int32_t>(random.below(2))});
  }
  return model::pack_pretraining(views);
}

/// Everything between two batches: cast, forward, backward, norm, clip, update.
class Step {
 public:
  explicit Step(const Options& options)
      : options_(options),
        batch_(random_batch(options).to(compute_of(options).device)),
        model_(config_of(options), compute_of(options)),
        optimizer_({.name = optim::Rule::kAdamW, .learning_rate = 1e-4},
                   optim::named_tensors(model_.named_parameters())) {
    model::initialize(model_, model_.config(), 0);
  }

  double run() {
    const auto begin = std::chrono::steady_clock::now();
    const model::LossNormalisers normalisers{static_cast<double>(batch_.num_targets()),
                                             static_cast<double>(options_.num_sequences)};
    const auto output = model_.forward(batch_, normalisers,
                                       {.training = true, .seed = 0, .step = step_++, .recompute = options_.recompute});
    output.loss.backward();
    optimizer_.step(1e-4, optim::clip_scale(optim::gradient_norm(optimizer_.parameters()), 1.0));
    model_.zero_grad();
    output.loss.item<double>();  // a GPU has done all of it then
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }

 private:
  Options options_;
  model::PretrainingBatch batch_;
  model::AlbertForPretraining model_;
  optim::Optimizer optimizer_;
  std::uint64_t step_ = 0;
};

/// The matrix products of a step and nothing else: `x @ w` by LibTorch's mm and bmm at the same shapes and in the same type, over tensors
/// that are hot. The last layer computes the rows that a head reads. No step takes less time unless its products are faster than LibTorch's.
class Floor {
 public:
  explicit Floor(const Options& options) : options_(options) {
    const model::AlbertConfig config = config_of(options);
    const std::int64_t tokens = options.num_sequences * options.length;
    const std::int64_t targets = random_batch(options).num_targets();
    linear(1, tokens, config.embedding_size, config.hidden_size);
    layers(config.num_hidden_layers - 1, config, tokens);
    layers(1, config, targets + options.num_sequences);
    linear(1, options.num_sequences, config.hidden_size, config.hidden_size);
    linear(1, targets, config.hidden_size, config.embedding_size);
    linear(1, targets, config.embedding_size, config.vocab_size);
  }

  double run() {
    const auto begin = std::chrono::steady_clock::now();
    for (Product& product : products_) {
      for (std::int64_t i = 0; i < product.count; ++i) {
        if (product.left.dim() == 2)
          at::mm_out(product.result, product.left, product.right);
        else
          at::bmm_out(product.result, product.left, product.right);
      }
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }

 private:
  struct Product {
    std::int64_t count;
    at::Tensor left, right, result;
  };

  /// \param rows of the hidden states, that leave the layer; all tokens enter it
  void layers(std::int64_t count, const model::AlbertConfig& config, std::int64_t rows) {
    const std::int64_t hidden = config.hidden_size;
    linear(count, rows, hidden, hidden);                                          // queries
    linear(count, options_.num_sequences * options_.length, hidden, 2 * hidden);  // keys and values
    attention(count, rows / options_.num_sequences, config.num_attention_heads, hidden / config.num_attention_heads);
    linear(count, rows, hidden, hidden);
    linear(count, rows, hidden, config.intermediate_size);
    linear(count, rows, config.intermediate_size, hidden);
  }

  /// [rows, in] by the transpose of [out, in], and the gradients of both.
  void linear(std::int64_t count, std::int64_t rows, std::int64_t in, std::int64_t out) {
    const at::Tensor x = random({rows, in}), weight = random({out, in}), gradient = random({rows, out});
    add(count, x, weight.t());
    add(count, gradient, weight);
    add(count, gradient.t(), x);
  }

  /// Scores and what they weigh, forward; backward the gradients of values, weights, queries and keys.
  void attention(std::int64_t count, std::int64_t queries, std::int64_t heads, std::int64_t depth) {
    const std::int64_t batch = options_.num_sequences * heads;
    const at::Tensor q = random({batch, queries, depth}), k = random({batch, options_.length, depth}),
                     weights = random({batch, queries, options_.length});
    add(count, q, k.transpose(1, 2));
    add(count, weights, k);
    add(count, weights.transpose(1, 2), q);
    add(count, q, k.transpose(1, 2));
    add(count, weights, k);
    add(count, weights.transpose(1, 2), q);
  }

  at::Tensor random(at::IntArrayRef sizes) const {
    return at::randn(sizes).to(options_.float32 ? at::kFloat : at::kBFloat16).to(compute_of(options_).device);
  }

  void add(std::int64_t count, const at::Tensor& left, const at::Tensor& right) {
    if (count > 0) products_.push_back({count, left, right, at::matmul(left, right)});
  }

  Options options_;
  std::vector<Product> products_;
};

/// Of the device's memory, what LibTorch took for tensors at most; of the processor's, what the process took.
std::int64_t peak_bytes(const Options& options) {
  if (options.device == "cuda") {
    const auto stats = at::getDeviceAllocator(at::kCUDA)->getDeviceStats(0);
    return stats.allocated_bytes[static_cast<std::size_t>(c10::CachingAllocator::StatType::AGGREGATE)].peak;
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss * 1024;
}

template <typename Work>
int answer(const Options& options) {
  Work work(options);
  work.run();  // warm-up
  std::puts("ready");
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) {
    const double seconds = work.run();
    std::printf("{\"seconds\": %.6f, \"peak_bytes\": %lld}\n", seconds, static_cast<long long>(peak_bytes(options)));
    std::fflush(stdout);
  }
  return 0;
}

int measure(int argc, char** argv) {
  Options options;
  CLI::App app("One pretraining step of ALBERT for every line on standard input");
  app.add_option("--sequences", options.num_sequences);
  app.add_option("--length", options.length);
  app.add_option("--hidden", options.hidden);
  app.add_option("--layers", options.layers);
  app.add_option("--heads", options.heads);
  app.add_option("--vocabulary", options.vocabulary);
  app.add_option("--dropout", options.dropout);
  app.add_option("--device", options.device)->check(CLI::IsMember({"cpu", "cuda"}));
  app.add_option("--threads", options.threads);
  app.add_flag("--float32", options.float32);
  app.add_flag("--recompute", options.recompute);
  app.add_flag("--floor", options.floor, "the step's matrix products alone");
  CLI11_PARSE(app, argc, argv);
  at::set_num_threads(options.threads);
  return options.floor ? answer<Floor>(options) : answer<Step>(options);
}

}  // namespace

}  // namespace albert

int main(int argc, char** argv) {
  return albert::measure(argc, argv);
}
