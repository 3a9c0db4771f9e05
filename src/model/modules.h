#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <torch/nn/module.h>

#include "model/compute.h"
#include "model/compute_weight.h"
#include "model/config.h"
#include "ops/ops.h"
#include "ops/panel_linear.h"

namespace albert::model {

/// What a Linear multiplies: x [R, in]. In int8 the rows are rounded when the first Linear reads them, once for all.
class LinearInput {
 public:
  LinearInput(at::Tensor x) : x_(std::move(x)) {}  // NOLINT(google-explicit-constructor)

  const at::Tensor& x() const { return x_; }
  const ops::Int8Rows& rounded() const;

 private:
  at::Tensor x_;
  mutable std::optional<ops::Int8Rows> rounded_;
};

/// x W^T + b. Parameters `weight` [out, in] and, if there is one, `bias` [out], float32.
class Linear : public torch::nn::Module, public ComputeWeight {
 public:
  Linear(std::int64_t in, std::int64_t out, const Compute& compute, bool has_bias = true);

  /// x [R, in], type of the activations -> [R, out], likewise.
  at::Tensor forward(const LinearInput& x) const;
  /// activation(x W^T + b)
  at::Tensor forward(const LinearInput& x, ops::Activation activation) const;
  /// See lay_out().
  void lay_out() const;

 private:
  const at::Tensor& matrix() const override { return weight_; }
  at::Tensor product(const LinearInput& x, std::optional<ops::Activation> activation) const;
  bool has_panels() const;
  bool could_have_panels() const;
  ops::Panels panels() const;
  ops::Panels make_panels() const;
  at::Tensor simulated(const at::Tensor& x) const;

  bool is_int8_, is_frozen_, simulates_int8_;
  std::int64_t in_;
  at::Tensor weight_;  // [out, in]
  at::Tensor bias_;    // [out], or undefined
  mutable MadeOfMatrix<ops::Panels> panels_;
  mutable std::once_flag frozen_;
  mutable ops::Panels frozen_panels_;  // once there, weight_ is empty
};

/// Layer normalisation. Parameters `weight` (gamma) and `bias` (beta), both [size], float32.
class LayerNorm : public torch::nn::Module {
 public:
  LayerNorm(std::int64_t size, double epsilon, const Compute& compute);

  /// x [R, size] -> [R, size]
  at::Tensor forward(const at::Tensor& x) const;
  /// LayerNorm(residual + dropout(x)), both [R, size] -> [R, size]
  at::Tensor forward(const at::Tensor& x, const at::Tensor& residual, const ops::Dropout& dropout) const;

 private:
  double epsilon_;
  at::Tensor weight_;  // [size]
  at::Tensor bias_;    // [size]
};

/// The last product of a head, x W^T + b, in float32 whatever the compute type: it is small, and scores rounded to
/// bfloat16's eight bits would tie. Parameters `weight` [out, in] and `bias` [out], float32.
class ScoreLayer : public torch::nn::Module {
 public:
  ScoreLayer(std::int64_t in, std::int64_t out, const Compute& compute, bool has_bias = true);

  /// x [R, in] of any type -> [R, out] float32
  at::Tensor forward(const at::Tensor& x) const;

 private:
  at::Tensor weight_;  // [out, in]
  at::Tensor bias_;    // [out], or undefined
  mutable MadeOfMatrix<ops::Panels> panels_;
};

/// Lays the matrices of a model for prediction alone out for its kernels, as its first pass would: the memory of its
/// parameters is free from then on, and the first pass is as fast as the others.
void lay_out(const torch::nn::Module& model);

/// Modules of one kind as the children "0", "1", ... of this one, as in torch.nn.ModuleList.
template <typename Child>
class ModuleList : public torch::nn::Module {
 public:
  void add(std::shared_ptr<Child> child) {
    children_.push_back(register_module(std::to_string(children_.size()), std::move(child)));
  }

  const std::vector<std::shared_ptr<Child>>& children_in_order() const { return children_; }
  const Child& operator[](std::size_t index) const { return *children_.at(index); }

 private:
  std::vector<std::shared_ptr<Child>> children_;
};

inline ops::Activation activation_of(const AlbertConfig& config) {
  switch (config.hidden_act) {
    case HiddenActivation::kGelu:
      return ops::Activation::kGelu;
    case HiddenActivation::kGeluNew:
      return ops::Activation::kGeluTanh;
    case HiddenActivation::kRelu:
      break;
  }
  return ops::Activation::kRelu;
}

}  // namespace albert::model
