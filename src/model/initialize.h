#pragma once

#include <cstdint>
#include <string_view>

#include <ATen/core/Tensor.h>

#include "model/config.h"

namespace torch::nn {
class Module;
}

namespace albert::model {

/// Gives every parameter its first value: weight matrices are random, layer norms 1 and 0, biases 0 (Google's
/// modeling.py:274 and create_initializer). The numbers depend on the seed and on the parameter's name alone, so they
/// are the same in any order, on any device and for any number of threads.
void initialize(torch::nn::Module& model, const AlbertConfig& config, std::uint64_t seed);

/// The same for one parameter: for the heads that a model does not bring along.
/// \param name its full name, which decides its numbers and its kind
void initialize_parameter(const at::Tensor& parameter, std::string_view name, const AlbertConfig& config,
                          std::uint64_t seed);

/// Lets positions that no sequence reached so far begin like known ones, so that neighbours in longer sequences look as
/// they did in short ones: to the vector of position p, `known` <= p < `end`, that of 1 + (p - 1) % (known - 1) is added.
/// Position 0 is that of [CLS], and stands for no other.
/// \param positions [max_position_embeddings, E]
void continue_positions(const at::Tensor& positions, std::int64_t known, std::int64_t end);

}  // namespace albert::model
