#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <torch/nn/module.h>

#include "model/compute.h"
#include "model/config.h"
#include "model/head_config.h"

namespace albert::gpu {

using Tensors = std::vector<at::Tensor>;

/// Something that is computed on a device and, in its plain form, on the processor.
struct Case {
  std::string name;
  Tensors inputs;  ///< on the processor; gradients are asked for those of floating point
  /// Both take the inputs on their device, and give one tensor.
  std::function<at::Tensor(const Tensors&)> operation, reference;
};

/// Every operation of ops/ops.h that has several forms, with activations of a type.
std::vector<Case> operation_cases(at::ScalarType type);

/// The model of the following checks, which is small. It has every dropout but that of attention, whose mask GPUs draw
/// otherwise.
inline constexpr std::int64_t kVocabulary = 1000;
model::AlbertConfig small_config();
model::Compute compute_for(at::Device device, at::ScalarType type);
/// With numbers that are large enough for every part of a model to count.
void fill_parameters(const torch::nn::Module& module);
/// The gradient of each parameter, on the processor.
void append_gradients(const torch::nn::Module& module, Tensors& all);

/// A batch of pretraining: the loss and the gradients.
Tensors model_outcome(at::Device device, at::ScalarType type, bool recompute, double attention_dropout = 0);

/// The heads of fine-tuning, by what they tell.
std::vector<std::pair<std::string, model::HeadConfig>> heads();
/// A batch of fine-tuning: the scores and the gradients.
Tensors head_outcome(const model::HeadConfig& head, at::Device device, at::ScalarType type);

/// Parameters after some updates by LAMB or AdamW, end to end, on the processor.
at::Tensor updated_parameters(at::Device device, bool by_lamb, bool bias_correction);

/// Attention with dropout, the value being 1 everywhere: each number is the share that was kept, over what is expected.
/// \param first_sequence see ops::Dropout
at::Tensor kept_shares(at::Device device, at::ScalarType type, std::int64_t first_sequence);

/// A pretraining step of the model, from the batch on the device to the updated parameters, without anything that waits
/// for the device. In a build with CUDA LibTorch throws where something does.
/// \return whether LibTorch would have noticed: it did so where the step was over and its loss was read
bool step_without_waiting(at::Device device);

}  // namespace albert::gpu
