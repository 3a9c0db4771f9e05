#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include <ATen/core/Tensor.h>

#include "model/compute.h"
#include "ops/ops.h"

namespace albert::model {

/// Something that is made of a matrix when it is first asked for, and anew when the matrix has changed since: by an
/// update, by weights that were loaded, by a move to another device.
template <typename Made>
class MadeOfMatrix {
 public:
  /// Several threads may call it while none changes the matrix.
  template <typename Make>
  Made get(const at::Tensor& matrix, const Make& make) {
    const std::scoped_lock lock(mutex_);
    const State now{matrix._version(), matrix.const_data_ptr()};
    if (!made_ || now != state_) {
      made_ = make();  // a new one: a graph may still hold the old one
      state_ = now;
    }
    return *made_;
  }

 private:
  /// What changes whenever the numbers of a matrix do. Whoever writes them by a pointer calls bump_version(), as
  /// optim::update() does.
  struct State {
    std::int64_t version = 0;
    const void* data = nullptr;  ///< another one when the module has moved

    bool operator==(const State&) const = default;
  };

  std::mutex mutex_;
  std::optional<Made> made_;
  State state_;
};

/// A module that holds a matrix, and with it the copy in the compute type that matrix products read: the micro-batches
/// of an update share one, and nobody has to remember to make it.
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

  struct Copy {
    at::Tensor elements;  ///< [out, in]
    std::shared_ptr<const ops::TrainingPanels> panels;
  };

  at::ScalarType type_;
  mutable MadeOfMatrix<Copy> copy_;
};

}  // namespace albert::model
