#pragma once

#include <torch/csrc/autograd/custom_function.h>

#include "ops/kernels/kernels.h"
#include "ops/ops.h"

namespace albert::ops {

/// The dropout of a call in the form that a backward pass can keep.
class DropoutState {
 public:
  /// \param device where the kernels read the rows' numbers
  DropoutState(const Dropout& dropout, at::Device device);
  explicit DropoutState(torch::autograd::AutogradContext* context);
  void save(torch::autograd::AutogradContext* context) const;

  bool drops() const { return site_.threshold > 0; }
  /// For rows from `row` on.
  kernels::DropoutSite site(std::int64_t row) const;

 private:
  void set_threshold(std::uint32_t threshold);

  kernels::DropoutSite site_;
  at::Tensor row_numbers_;
};

}  // namespace albert::ops
