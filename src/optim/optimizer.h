#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "optim/named_tensor.h"
#include "optim/optimizer_config.h"

namespace albert::optim {

/// The sum of the squares of all gradients, of those parameters that have one: float64 [], on their device. It is taken in
/// a fixed order, so on a CPU it is the same for every number of threads. NaN or infinite when a gradient is.
at::Tensor squared_gradient_norm(const NamedTensors& parameters);
/// Its root on the host: waits for a device.
double gradient_norm(const NamedTensors& parameters);

/// What the gradients are to be multiplied with so that their norm is at most `clip_norm` (0: no limit): 1 if it
/// already is.
double clip_scale(double norm, double clip_norm);

/// Whether Muon updates the parameter.
bool is_for_muon(const OptimizerConfig& config, const NamedTensor& parameter);

/// What stands behind the name of a parameter in the names of its state: ".exp_avg", ".exp_avg_sq"; of Muon's the first,
/// which is its momentum.
std::vector<const char*> state_suffixes(const OptimizerConfig& config, const NamedTensor& parameter);

/// AdamW and LAMB by Google's rules, on float32 parameters of CPU or CUDA. With g the scaled gradient, t the number of
/// the update from 1:
///
///     m = beta1 m + (1 - beta1) g
///     v = beta2 v + (1 - beta2) g^2                  with bias_correction m / (1 - beta1^t), v / (1 - beta2^t) below
///     u = m / (sqrt(v) + epsilon) + weight_decay w
///     w = w - learning_rate r u                      r = 1 for AdamW; |w| / |u| for LAMB, 1 if either norm is 0
///
/// (google-research/albert optimization.py:110-180, lamb_optimizer.py:60-122; You et al., arXiv 1904.00962). The norms
/// are per parameter: a weight shared by the layers is one parameter. A parameter without a gradient is left as it is.
///
/// With clip_update c > 0 the rate is divided by max(1, rms / c), where rms is the root of the mean of g^2 / max(v,
/// epsilon^2) over the parameter (StableAdamW: Wortsman et al., arXiv 2304.13013). With the rule Muon, some matrices are
/// updated as update_by_muon() says, and the rest as by AdamW.
class Optimizer {
 public:
  /// \param parameters contiguous float32 tensors, updated in place
  /// Throws InternalError for others or for a name given twice.
  Optimizer(OptimizerConfig config, NamedTensors parameters);

  /// One update.
  /// \param gradient_scale multiplies every gradient: clip_scale(), times whatever else the gradients lack
  void step(double learning_rate, double gradient_scale = 1.0);

  std::int64_t num_updates() const { return num_updates_; }
  const OptimizerConfig& config() const { return config_; }
  const NamedTensors& parameters() const { return parameters_; }

  /// What must be kept to continue: for every parameter its name with each of state_suffixes(), float32 of its shape, and
  /// "step", int64 []. The tensors are the live ones, not copies.
  NamedTensors state() const;
  /// Takes over what state() returned.
  /// Throws ModelError that names every tensor missing, unexpected or of another shape.
  void load_state(const NamedTensors& state);

 private:
  /// What belongs to one parameter, in the order of parameters_.
  struct Slot {
    std::vector<at::Tensor> state;  ///< one for each of state_suffixes()
    bool by_muon;
    bool decayed;  ///< weight decay applies
    bool adapted;  ///< the layer-wise ratio of LAMB applies
  };

  OptimizerConfig config_;
  NamedTensors parameters_;
  std::vector<Slot> slots_;
  std::int64_t num_updates_ = 0;
};

}  // namespace albert::optim
