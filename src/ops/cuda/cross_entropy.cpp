#include <optional>

#include <torch/csrc/autograd/custom_function.h>

#include "base/error.h"
#include "ops/cuda/launch.h"
#include "ops/plain.h"
#include "ops/to_device.h"

namespace albert::ops::cuda {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// The tensors of one call; rows() is the kernels' view of them.
struct Comparison {
  at::Tensor logits, labels, log_sums, weights;
  double smoothing;

  template <typename T>
  CrossEntropyRows<T> rows() const {
    CrossEntropyRows<T> rows = {};
    rows.rows = logits.size(0);
    rows.classes.count = logits.size(1);
    rows.classes.weights = data<float>(weights);
    rows.classes.smoothing = static_cast<float>(smoothing);
    rows.logits = data<T>(logits);
    rows.labels = data<std::int64_t>(labels);
    rows.log_sums = data<float>(log_sums);
    return rows;
  }
};

/// Keeps the logits and the log of each row's sum, so nothing of size [P, V] is made but the gradient itself.
struct CrossEntropySum : torch::autograd::Function<CrossEntropySum> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& logits, const at::Tensor& labels,
                            const std::optional<at::Tensor>& weights, double smoothing) {
    const at::Tensor losses = at::empty({logits.size(0)}, logits.options().dtype(at::kFloat));
    const Comparison call{logits, labels, at::empty_like(losses), weights.value_or(at::Tensor()), smoothing};
    with_type(logits.scalar_type(), [&]<typename T>(T) {
      auto rows = call.rows<T>();
      rows.losses = data<float>(losses);
      launch(kernels_of<T>().cross_entropy, rows, logits);
    });
    context->save_for_backward({logits, labels, call.log_sums, call.weights});
    context->saved_data["smoothing"] = smoothing;
    return losses.sum();
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const Comparison call{saved[0], saved[1], saved[2], saved[3], context->saved_data["smoothing"].toDouble()};
    const at::Tensor grad = gradients[0].contiguous();
    at::Tensor grad_logits = at::empty_like(call.logits);
    with_type(call.logits.scalar_type(), [&]<typename T>(T) {
      auto rows = call.rows<T>();
      rows.grad = data<float>(grad);
      rows.grad_logits = data<T>(grad_logits);
      launch(kernels_of<T>().cross_entropy_backward, rows, call.logits);
    });
    return {grad_logits, at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

void check_sizes(const at::Tensor& logits, const at::Tensor& labels, const CrossEntropyOptions& options) {
  if (labels.numel() != logits.size(0))
    throw InternalError("cross entropy: {} labels for {} rows of logits", labels.numel(), logits.size(0));
  if (options.class_weights.defined() && options.class_weights.numel() != logits.size(1)) {
    throw InternalError("cross entropy: {} weights for {} classes", options.class_weights.numel(), logits.size(1));
  }
}

}  // namespace

at::Tensor cross_entropy_sum(const at::Tensor& logits, const at::Tensor& labels, const CrossEntropyOptions& options) {
  check_sizes(logits, labels, options);
  if (!kernels_in_use()) return plain::cross_entropy_sum(logits, labels, options);
  const at::Tensor& weights = options.class_weights;
  return CrossEntropySum::apply(
      logits.contiguous(), labels.contiguous(),
      weights.defined() ? std::optional(to_device(weights.to(at::kFloat), logits.device()).contiguous()) : std::nullopt,
      options.label_smoothing);
}

}  // namespace albert::ops::cuda
