#pragma once

#include <cmath>
#include <vector>

#include <ATen/core/Tensor.h>

namespace albert::optim {

/// The numbers of one update of some parameters: see Optimizer for the formulas.
struct UpdateRule {
  double learning_rate;
  double gradient_scale;
  double beta1;
  double beta2;
  double epsilon;
  double step;          ///< t, or infinity without bias correction
  double weight_decay;  ///< 0 for excluded parameters
  double clip_update;   ///< the largest root mean square of g / sqrt(v) that the rate is not lowered for; 0: any
  bool adapted;         ///< scale by |w| / |u|

  double mean_correction() const { return 1 - std::pow(beta1, step); }
  double square_correction() const { return 1 - std::pow(beta2, step); }
};

/// A parameter with its state, all of one shape.
struct UpdateTensors {
  at::Tensor weight;
  at::Tensor gradient;
  at::Tensor exp_avg;
  at::Tensor exp_avg_sq;
};

namespace plain {
/// The specification, from LibTorch calls that each take all of the parameters, so that a GPU has few kernels to start: any
/// device. Needs memory for a few copies of the parameters, and no synchronisation.
void update(const std::vector<UpdateTensors>& parameters, const UpdateRule& rule);
/// LibTorch's AdamW in one kernel, for rules that neither adapt nor clip. The gradients are scaled in place, and the versions of the weights
/// stay as they were.
void update_by_adamw(const std::vector<UpdateTensors>& parameters, const UpdateRule& rule);
/// float64 [], on the device of the tensors; at least one.
at::Tensor sum_of_squares(const std::vector<at::Tensor>& tensors);
}  // namespace plain

namespace fast {
/// Contiguous float32 on the CPU, several threads, no memory: two passes for LAMB, which work the update out twice
/// rather than keep it. Sums go over blocks of a fixed size in a fixed order, so the result is the same for any number
/// of threads.
void update(const UpdateTensors& tensors, const UpdateRule& rule);
double sum_of_squares(const at::Tensor& x);
}  // namespace fast

/// The fast form for contiguous parameters of the CPU, a plain one for all others. The weights have a new version afterwards.
void update(const std::vector<UpdateTensors>& parameters, const UpdateRule& rule);
/// Over all elements of all tensors: float64 [], on a GPU if one of them is; 0 for none.
at::Tensor sum_of_squares(const std::vector<at::Tensor>& tensors);

}  // namespace albert::optim
