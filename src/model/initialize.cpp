#include "model/initialize.h"

#include <cmath>

#include <ATen/Parallel.h>
#include <torch/nn/module.h>

#include "base/random.h"

namespace albert::model {

namespace {

/// FNV-1a, 64 bits: spreads names over keys, the same on every machine.
std::uint64_t hash_of(std::string_view name) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return hash;
}

double draw(Random& random, Initializer initializer) {
  double value = random.normal();
  while (initializer == Initializer::kTruncatedNormal && std::abs(value) > 2) value = random.normal();
  return value;
}

void fill_randomly(const at::Tensor& values, std::uint64_t key, const AlbertConfig& config) {
  constexpr std::int64_t kBlock = 1024;  // elements that share a stream of random numbers
  const std::int64_t size = values.numel();
  auto* const data = values.mutable_data_ptr<float>();
  at::parallel_for(0, (size + kBlock - 1) / kBlock, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t block = begin; block < end; ++block) {
      Random random(key, static_cast<std::uint64_t>(block));
      for (std::int64_t i = block * kBlock; i < std::min(size, (block + 1) * kBlock); ++i) {
        data[i] = static_cast<float>(config.initializer_range * draw(random, config.initializer));
      }
    }
  });
}

}  // namespace

void initialize_parameter(const at::Tensor& parameter, std::string_view name, const AlbertConfig& config,
                          std::uint64_t seed) {
  const at::NoGradGuard no_gradients;
  if (parameter.dim() == 1) {
    parameter.fill_(name.ends_with("bias") ? 0.0 : 1.0);  // the only vectors besides biases are layer norm scales
    return;
  }
  const at::Tensor values = at::empty(parameter.sizes(), at::kFloat);
  fill_randomly(values, random_key(seed, {hash_of(name)}), config);
  parameter.copy_(values);
}

void continue_positions(const at::Tensor& positions, std::int64_t known, std::int64_t end) {
  const at::NoGradGuard no_gradients;
  const at::Tensor models = 1 + (at::arange(known, end, positions.options().dtype(at::kLong)) - 1) % (known - 1);
  positions.slice(0, known, end).add_(positions.index_select(0, models));
}

void initialize(torch::nn::Module& model, const AlbertConfig& config, std::uint64_t seed) {
  for (const auto& item : model.named_parameters()) initialize_parameter(item.value(), item.key(), config, seed);
}

}  // namespace albert::model
