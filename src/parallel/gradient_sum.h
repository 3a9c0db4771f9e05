#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <ATen/core/Tensor.h>

#include "optim/named_tensor.h"
#include "parallel/gradient_type.h"
#include "parallel/group.h"

namespace albert::parallel {

struct GradientSumOptions {
  GradientType type = GradientType::kFloat32;
  /// Whether buffers leave during a backward pass. Not for a model that computes its layers again in the pass: then
  /// shared weights get their gradients piece by piece.
  bool overlaps = true;
  std::int64_t bucket_elements = 4 << 20;  ///< that a buffer has at least, but for the one of the first parameters
};

/// Adds up the gradients of a model over the ranks, once an update, in flat buffers of several parameters. A buffer
/// leaves as soon as the last backward pass of the update has added to all of its gradients, while the pass goes on.
/// That is for layers with weights of their own: a weight that all layers share is complete at the end of the pass, and
/// then there are few bytes to wait for.
///
/// A parameter that has a gradient on some rank has one on all of them afterwards, and one that has none anywhere has
/// none: the optimizer leaves it alone, as in one process.
class GradientSum {
 public:
  /// \param parameters of the same names and shapes on every rank; float32
  GradientSum(optim::NamedTensors parameters, Group& group, const GradientSumOptions& options);
  ~GradientSum();
  GradientSum(const GradientSum&) = delete;
  GradientSum& operator=(const GradientSum&) = delete;

  /// Call before the backward pass that is the update's last one on this rank. Without it all buffers leave in run().
  void expect_last_pass();
  /// Replaces each gradient by its sum over the ranks. Nothing happens in a group of one.
  void run();
  /// How many buffers left during the latest update's last pass, before run() was called.
  std::size_t num_early() const { return num_early_; }

 private:
  struct Bucket {
    std::vector<std::size_t> parameters;
    at::Tensor
        flat;  ///< their gradients; in the last bucket then a flag for each parameter of all: whether there is one
    at::Tensor rounded;            ///< what travels, if that is another type
    std::size_t num_missing = 0;   ///< gradients that the last pass has not added to yet
    std::unique_ptr<Pending> sum;  ///< null: has not left yet
  };

  void make_buckets();
  void add_hooks();
  void note_gradient(std::size_t parameter);
  void send(Bucket& bucket);
  void receive(Bucket& bucket);

  optim::NamedTensors parameters_;
  Group& group_;
  GradientSumOptions options_;
  std::vector<Bucket> buckets_;          ///< in the order in which they leave, on all ranks
  std::vector<std::size_t> bucket_of_;   ///< by parameter
  std::vector<std::int64_t> offset_of_;  ///< of each parameter in its bucket
  std::size_t num_sent_ = 0;
  std::size_t num_early_ = 0;
  bool is_last_pass_ = false;
};

}  // namespace albert::parallel
