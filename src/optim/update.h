#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

namespace albert::optim {

/// The numbers of one update of one parameter: see Optimizer for the formulas.
struct UpdateRule {
  double learning_rate;
  double gradient_scale;
  double beta1;
  double beta2;
  double epsilon;
  double mean_correction;    ///< 1 - beta1^t, or 1 without bias correction
  double square_correction;  ///< 1 - beta2^t, or 1 without bias correction
  double weight_decay;       ///< 0 for an excluded parameter
  double clip_update;        ///< the largest root mean square of g / sqrt(v) that the rate is not lowered for; 0: any
  bool adapted;              ///< scale by |w| / |u|
};

/// A parameter with its state, all of one shape.
struct UpdateTensors {
  at::Tensor weight;
  at::Tensor gradient;
  at::Tensor exp_avg;
  at::Tensor exp_avg_sq;
};

namespace plain {
/// The specification, from LibTorch calls: any device. Needs memory for a few copies of the parameter, and no
/// synchronisation.
void update(const UpdateTensors& tensors, const UpdateRule& rule);
/// float64 [], on the device of x.
at::Tensor sum_of_squares(const at::Tensor& x);
}  // namespace plain

namespace fast {
/// Contiguous float32 on the CPU, several threads, no memory: two passes for LAMB, which work the update out twice
/// rather than keep it. Sums go over blocks of a fixed size in a fixed order, so the result is the same for any number
/// of threads.
void update(const UpdateTensors& tensors, const UpdateRule& rule);
double sum_of_squares(const at::Tensor& x);
}  // namespace fast

/// The fast form where it applies, else the plain one.
void update(const UpdateTensors& tensors, const UpdateRule& rule);
/// The norm of all elements of all tensors, in float64; waits for a device at most once.
double sum_of_squares(const std::vector<at::Tensor>& tensors);

}  // namespace albert::optim
