#include "optim/optimizer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include "base/error.h"
#include "base/pattern.h"
#include "optim/muon.h"
#include "optim/update.h"

namespace albert::optim {

namespace {

bool any_matches(const std::vector<std::string>& patterns, const std::string& name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return Pattern(pattern, "the pattern").found_in(name); });
}

void check_parameters(const NamedTensors& parameters) {
  std::unordered_set<std::string> names;
  for (const auto& [name, tensor] : parameters) {
    if (!names.insert(name).second) throw InternalError("parameter {} was given twice to the optimizer", name);
    if (tensor.scalar_type() != at::kFloat || !tensor.is_contiguous()) {
      throw InternalError("parameter {}: expected contiguous float32, found {}{}", name,
                          c10::toString(tensor.scalar_type()), tensor.is_contiguous() ? "" : ", not contiguous");
    }
  }
}

}  // namespace

at::Tensor squared_gradient_norm(const NamedTensors& parameters) {
  std::vector<at::Tensor> gradients;
  for (const auto& parameter : parameters) {
    if (parameter.tensor.grad().defined()) gradients.push_back(parameter.tensor.grad());
  }
  return sum_of_squares(gradients);
}

double gradient_norm(const NamedTensors& parameters) {
  return std::sqrt(squared_gradient_norm(parameters).item<double>());
}

double clip_scale(double norm, double clip_norm) {
  return clip_norm > 0 && norm > clip_norm ? clip_norm / norm : 1.0;
}

bool is_for_muon(const OptimizerConfig& config, const NamedTensor& parameter) {
  return config.name == Rule::kMuon && parameter.tensor.dim() == 2 &&
         any_matches(config.muon_parameters, parameter.name);
}

std::vector<const char*> state_suffixes(const OptimizerConfig& config, const NamedTensor& parameter) {
  if (is_for_muon(config, parameter)) return {".exp_avg"};
  return {".exp_avg", ".exp_avg_sq"};
}

Optimizer::Optimizer(OptimizerConfig config, NamedTensors parameters)
    : config_(std::move(config)), parameters_(std::move(parameters)) {
  check_parameters(parameters_);
  const at::NoGradGuard no_grad;
  for (const auto& [name, tensor] : parameters_) {
    std::vector<at::Tensor> state;
    for (std::size_t i = 0; i < state_suffixes(config_, {name, tensor}).size(); ++i)
      state.push_back(at::zeros_like(tensor));
    slots_.push_back(
        {.state = std::move(state),
         .by_muon = is_for_muon(config_, {name, tensor}),
         .decayed = !any_matches(config_.exclude_from_weight_decay, name),
         .adapted = config_.name == Rule::kLamb && !any_matches(config_.exclude_from_layer_adaptation, name)});
  }
}

void Optimizer::step(double learning_rate, double gradient_scale) {
  ++num_updates_;
  // Together those that one rule is for, by whether they decay and are adapted.
  std::map<std::pair<bool, bool>, std::vector<UpdateTensors>> by_rule;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const at::Tensor& weight = parameters_[i].tensor;
    const Slot& slot = slots_[i];
    if (!weight.grad().defined()) continue;
    if (slot.by_muon) {
      update_by_muon(weight, weight.grad(), slot.state[0],
                     {.learning_rate = learning_rate,
                      .gradient_scale = gradient_scale,
                      .momentum = config_.momentum,
                      .weight_decay = slot.decayed ? config_.weight_decay : 0,
                      .in_bfloat16 = config_.muon_in_bfloat16});
      continue;
    }
    by_rule[{slot.decayed, slot.adapted}].push_back(
        {.weight = weight, .gradient = weight.grad(), .exp_avg = slot.state[0], .exp_avg_sq = slot.state[1]});
  }
  for (const auto& [is, tensors] : by_rule) {
    update(tensors, {.learning_rate = learning_rate,
                     .gradient_scale = gradient_scale,
                     .beta1 = config_.beta1,
                     .beta2 = config_.beta2,
                     .epsilon = config_.epsilon,
                     .step = config_.bias_correction ? static_cast<double>(num_updates_)
                                                     : std::numeric_limits<double>::infinity(),
                     .weight_decay = is.first ? config_.weight_decay : 0,
                     .clip_update = config_.clip_update,
                     .adapted = is.second});
  }
}

NamedTensors Optimizer::state() const {
  NamedTensors state;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const std::vector<const char*> suffixes = state_suffixes(config_, parameters_[i]);
    for (std::size_t k = 0; k < suffixes.size(); ++k)
      state.push_back({parameters_[i].name + suffixes[k], slots_[i].state[k]});
  }
  state.push_back({"step", at::scalar_tensor(num_updates_, at::kLong)});
  return state;
}

void Optimizer::load_state(const NamedTensors& state) {
  const NamedTensors own = this->state();
  std::unordered_map<std::string, at::Tensor> given;
  for (const auto& [name, tensor] : state) given.emplace(name, tensor);
  std::string mistakes;
  for (const auto& [name, tensor] : own) {
    const auto found = given.find(name);
    if (found == given.end()) {
      mistakes += fmt::format("\n  {}: missing", name);
    } else if (found->second.sizes() != tensor.sizes() || found->second.scalar_type() != tensor.scalar_type()) {
      mistakes += fmt::format("\n  {}: expected {} {}, found {} {}", name, c10::toString(tensor.scalar_type()),
                              c10::str(tensor.sizes()), c10::toString(found->second.scalar_type()),
                              c10::str(found->second.sizes()));
    }
  }
  for (const auto& [name, tensor] : state) {
    if (std::none_of(own.begin(), own.end(), [&n = name](const NamedTensor& o) { return o.name == n; })) {
      mistakes += fmt::format("\n  {}: not of this model", name);
    }
  }
  if (!mistakes.empty()) throw ModelError("the optimizer's state does not fit the model's parameters:{}", mistakes);
  const at::NoGradGuard no_grad;
  for (const auto& [name, tensor] : own) at::Tensor(tensor).copy_(given.at(name));
  num_updates_ = given.at("step").item<std::int64_t>();
}

}  // namespace albert::optim
