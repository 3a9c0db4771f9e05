#include "parallel/distributed_optimizer.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include <ATen/ATen.h>

#include "base/error.h"

namespace albert::parallel {

namespace {

/// Gives each parameter that is not updated by all to the rank that has least so far, the largest first.
std::vector<int> choose_owners(const optim::OptimizerConfig& config, const optim::NamedTensors& parameters,
                               const Group& ranks, bool is_sharded) {
  std::vector<int> owners(parameters.size(), -1);
  if (ranks.is_alone()) return owners;
  std::vector<std::size_t> by_size(parameters.size());
  std::iota(by_size.begin(), by_size.end(), std::size_t{0});
  std::ranges::stable_sort(by_size, std::ranges::greater(),
                           [&](std::size_t i) { return parameters[i].tensor.numel(); });
  std::vector<std::int64_t> load(static_cast<std::size_t>(ranks.size()), 0);
  for (const std::size_t i : by_size) {
    if (!is_sharded && !optim::is_for_muon(config, parameters[i])) continue;
    const auto least = std::ranges::min_element(load);
    *least += parameters[i].tensor.numel();
    owners[i] = static_cast<int>(least - load.begin());
  }
  return owners;
}

/// \return what rank `root` has, in memory of its own
at::Tensor received(Group& ranks, const at::Tensor& tensor, int root) {
  at::Tensor copy = tensor.detach().clone(at::MemoryFormat::Contiguous);
  ranks.broadcast(copy, root);
  return copy;
}

}  // namespace

DistributedOptimizer::DistributedOptimizer(const optim::OptimizerConfig& config, optim::NamedTensors parameters,
                                           Group& ranks, bool is_sharded)
    : parameters_(std::move(parameters)),
      ranks_(ranks),
      owners_(choose_owners(config, parameters_, ranks, is_sharded)),
      own_(config, owned()) {
  const auto by_muon = [&](const optim::NamedTensor& parameter) { return optim::is_for_muon(config, parameter); };
  if (config.name == optim::Rule::kMuon && std::ranges::none_of(parameters_, by_muon)) {
    throw UsageError(
        "optimizer.muon_parameters: none of the model's matrices has such a name, so that muon would update nothing");
  }
}

optim::NamedTensors DistributedOptimizer::owned() const {
  optim::NamedTensors tensors;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (owns(i)) tensors.push_back(parameters_[i]);
  }
  return tensors;
}

void DistributedOptimizer::step(double learning_rate, double gradient_scale) {
  own_.step(learning_rate, gradient_scale);
  const at::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (owners_[i] < 0) continue;
    const at::Tensor& parameter = parameters_[i].tensor;
    // By way of a copy: what is computed of a parameter besides itself has to notice that it changed.
    const at::Tensor updated = received(ranks_, parameter, owners_[i]);
    if (!owns(i)) at::Tensor(parameter).copy_(updated);
  }
}

std::size_t DistributedOptimizer::number_of(const std::string& parameter) const {
  const auto found = std::ranges::find(parameters_, parameter, &optim::NamedTensor::name);
  if (found == parameters_.end()) throw InternalError("no parameter {} is trained", parameter);
  return static_cast<std::size_t>(found - parameters_.begin());
}

void DistributedOptimizer::follow(const std::vector<optim::ParameterCopy>& copies) {
  if (copies.empty()) return;
  const at::NoGradGuard no_gradients;
  std::map<std::string, at::Tensor> own;
  for (const auto& [name, tensor] : own_.state()) own.emplace(name, tensor);
  for (const auto& [original, copy] : copies) {
    const std::size_t from = number_of(original), to = number_of(copy);
    for (const char* suffix : optim::state_suffixes(config(), parameters_[from])) {
      at::Tensor state = owns(from) ? own.at(original + suffix) : at::empty_like(parameters_[from].tensor.detach());
      if (owners_[from] >= 0) state = received(ranks_, state, owners_[from]);
      if (owns(to)) own.at(copy + suffix).copy_(state);
    }
  }
}

optim::NamedTensors DistributedOptimizer::state() {
  optim::NamedTensors own = own_.state(), all;
  auto next = own.begin();
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    for (const char* suffix : optim::state_suffixes(config(), parameters_[i])) {
      at::Tensor tensor =
          owns(i) ? (next++)->tensor.contiguous()
                  : at::empty(parameters_[i].tensor.sizes(), parameters_[i].tensor.options().requires_grad(false));
      if (owners_[i] >= 0) ranks_.broadcast(tensor, owners_[i]);
      if (ranks_.is_first()) all.push_back({parameters_[i].name + suffix, tensor});
    }
  }
  if (ranks_.is_first()) all.push_back(own.back());  // the number of updates
  return all;
}

void DistributedOptimizer::load_state(const optim::NamedTensors& state) {
  if (ranks_.is_alone()) return own_.load_state(state);
  if (ranks_.is_first()) {  // to refuse it with all that is wrong
    optim::Optimizer(config(), parameters_).load_state(state);
  }
  optim::NamedTensors own;
  const auto take = [&](const std::string& name, const at::Tensor& like, bool is_own) {
    const auto given = std::ranges::find(state, name, &optim::NamedTensor::name);
    const at::Tensor tensor = received(ranks_, given == state.end() ? like.detach() : given->tensor, 0);
    if (is_own) own.push_back({name, tensor});
  };
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    for (const char* suffix : optim::state_suffixes(config(), parameters_[i]))
      take(parameters_[i].name + suffix, parameters_[i].tensor, owns(i));
  }
  take("step", at::scalar_tensor(0, at::kLong), true);
  own_.load_state(own);
}

}  // namespace albert::parallel
