// One pretraining step of ALBERT on random text, on demand: for every line on standard input it does a step and
// prints its seconds as JSON. scripts/bench/pretrain_step.py runs it beside pretrain_step_peer.py, step by step in
// turn.
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
    loss_ = output.loss.item<double>();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }

  double loss() const { return loss_; }

 private:
  Options options_;
  model::PretrainingBatch batch_;
  model::AlbertForPretraining model_;
  optim::Optimizer optimizer_;
  std::uint64_t step_ = 0;
  double loss_ = 0;
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
  CLI11_PARSE(app, argc, argv);
  at::set_num_threads(options.threads);
  Step step(options);
  step.run();  // warm-up
  std::puts("ready");
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) {
    const double seconds = step.run();
    std::printf("{\"seconds\": %.6f, \"loss\": %.6f, \"peak_bytes\": %lld}\n", seconds, step.loss(),
                static_cast<long long>(peak_bytes(options)));
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace

}  // namespace albert

int main(int argc, char** argv) {
  return albert::measure(argc, argv);
}
