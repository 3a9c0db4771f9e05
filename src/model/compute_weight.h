#pragma once

#include <cstdint>
#include <mutex>

#include <ATen/core/Tensor.h>

#include "model/compute.h"
#include "ops/ops.h"

namespace albert::model {

/// A module that holds a matrix, and with it the copy in the compute type that matrix products read. The copy is made
/// when it is first asked for, and anew when the matrix has changed since: by an update, by weights that were loaded,
/// by a move to another device. So the micro-batches of an update share one, and nobody has to remember to make it.
class ComputeWeight {
 public:
  virtual ~ComputeWeight() = default;
  ComputeWeight(const ComputeWeight&) = delete;
  ComputeWeight& operator=(const ComputeWeight&) = delete;

  /// The matrix and its copy as the matrix is now; in float32 there is no copy, the matrix itself is read. Several
  /// threads may call it while none changes the matrix.
  ops::Weight compute_weight() const;
  at::ScalarType compute_type() const { return type_; }

 protected:
  explicit ComputeWeight(const Compute& compute);

 private:
  virtual const at::Tensor& matrix() const = 0;

  /// What changes whenever the numbers of a matrix do. Whoever writes them by a pointer calls bump_version(), as
  /// optim::update() does.
  struct State {
    std::int64_t version = 0;
    const void* data = nullptr;  ///< another one when the module has moved

    bool operator==(const State&) const = default;
  };
  static State state_of(const at::Tensor& matrix);

  at::ScalarType type_;
  mutable std::mutex mutex_;  ///< of the two below
  mutable at::Tensor copy_;   ///< [out, in]; undefined until it is asked for
  mutable State copied_;      ///< of the matrix when it was copied
};

}  // namespace albert::model
