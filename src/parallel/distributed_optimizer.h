#pragma once

#include <cstdint>
#include <vector>

#include "optim/optimizer.h"
#include "parallel/group.h"

namespace albert::parallel {

/// The optimizer of a training in several ranks. Each rank keeps the state of all parameters and does the whole update;
/// or, sharded, each keeps the state of some parameters, updates these, and gives them to the others (Rajbhandari et
/// al., arXiv 1910.02054, stage 1). A parameter has one owner, so LAMB's norms are those of one rank, and the numbers
/// are the same in both ways. The matrices of Muon have an owner in any case: its products are not done by every rank, and
/// all ranks have the same bits, whatever their numbers of threads are.
class DistributedOptimizer {
 public:
  /// \param parameters of the same names and shapes on all ranks; see optim::Optimizer
  DistributedOptimizer(const optim::OptimizerConfig& config, optim::NamedTensors parameters, Group& ranks,
                       bool is_sharded);

  /// Of all ranks.
  const optim::NamedTensors& parameters() const { return parameters_; }
  const optim::OptimizerConfig& config() const { return own_.config(); }

  /// One update. See optim::Optimizer::step().
  void step(double learning_rate, double gradient_scale);

  /// Parameters have become copies of others: their state does, too. All ranks call it with the same names.
  void follow(const std::vector<optim::ParameterCopy>& copies);

  /// All of the state on rank 0, which saves it; see optim::Optimizer::state(). All ranks call it; the others get nothing,
  /// and keep no more of it meanwhile than one tensor.
  optim::NamedTensors state();
  /// Takes over on all ranks what rank 0 has of state(); the others need not have it.
  /// Throws ModelError on rank 0 for a state that does not fit.
  void load_state(const optim::NamedTensors& state);

 private:
  bool owns(std::size_t parameter) const { return owners_[parameter] < 0 || owners_[parameter] == ranks_.rank(); }
  optim::NamedTensors owned() const;
  std::size_t number_of(const std::string& parameter) const;

  optim::NamedTensors parameters_;
  Group& ranks_;
  std::vector<int> owners_;  ///< by parameter; -1: every rank
  optim::Optimizer own_;     ///< of the parameters that this rank owns
};

}  // namespace albert::parallel
