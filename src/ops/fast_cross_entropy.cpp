#include <optional>

#include "base/error.h"
#include "ops/fast.h"
#include "ops/fast_support.h"

namespace albert::ops::fast {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void check_labels(const at::Tensor& labels, std::int64_t rows, std::int64_t columns) {
  if (labels.numel() != rows)
    throw InternalError("cross entropy: {} labels for {} rows of logits", labels.numel(), rows);
  const std::int64_t* label = data<std::int64_t>(labels);
  for (std::int64_t r = 0; r < rows; ++r) {
    if (label[r] < 0 || label[r] >= columns) {
      throw InternalError("cross entropy: label {} of row {} is not in [0, {})", label[r], r, columns);
    }
  }
}

/// The weights as the kernels take them, one for each class.
std::optional<at::Tensor> checked_weights(const CrossEntropyOptions& options, std::int64_t columns) {
  if (!options.class_weights.defined()) return std::nullopt;
  if (options.class_weights.numel() != columns) {
    throw InternalError("cross entropy: {} weights for {} classes", options.class_weights.numel(), columns);
  }
  return options.class_weights.to(at::kCPU, at::kFloat).contiguous();
}

kernels::CrossEntropyClasses classes_of(const std::optional<at::Tensor>& weights, double smoothing,
                                        std::int64_t columns) {
  return {.count = columns,
          .weights = weights ? data<float>(*weights) : nullptr,
          .weight_sum = weights ? weights->sum().item<float>() : static_cast<float>(columns),
          .smoothing = static_cast<float>(smoothing)};
}

/// Keeps the logits and the log of each row's sum, so nothing of size [P, V] is made but the gradient itself.
struct CrossEntropySum : torch::autograd::Function<CrossEntropySum> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& logits, const at::Tensor& labels,
                            const std::optional<at::Tensor>& weights, double smoothing) {
    const std::int64_t rows = logits.size(0), columns = logits.size(1);
    check_labels(labels, rows, columns);
    const kernels::CrossEntropyClasses classes = classes_of(weights, smoothing, columns);
    const at::Tensor losses = at::empty({rows}, at::kFloat);
    const at::Tensor log_sums = at::empty({rows}, at::kFloat);
    with_type(logits.scalar_type(), [&]<typename T>(T) {
      at::parallel_for(0, rows, 1, [&](std::int64_t begin, std::int64_t end) {
        kernels::kernels_of<T>().cross_entropy(data<T>(logits) + begin * columns, data<std::int64_t>(labels) + begin,
                                               classes, data<float>(losses) + begin, data<float>(log_sums) + begin,
                                               end - begin);
      });
    });
    context->save_for_backward({logits, labels, log_sums, weights.value_or(at::Tensor())});
    context->saved_data["smoothing"] = smoothing;
    return losses.sum();
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor& logits = saved[0];
    const std::int64_t columns = logits.size(1);
    const auto weights = saved[3].defined() ? std::optional(saved[3]) : std::nullopt;
    const auto classes = classes_of(weights, context->saved_data["smoothing"].toDouble(), columns);
    const auto grad = gradients[0].item<float>();
    at::Tensor grad_logits = at::empty_like(logits);
    with_type(logits.scalar_type(), [&]<typename T>(T) {
      at::parallel_for(0, logits.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
        const std::int64_t at = begin * columns;
        kernels::kernels_of<T>().cross_entropy_backward(data<T>(logits) + at, data<std::int64_t>(saved[1]) + begin,
                                                        classes, data<float>(saved[2]) + begin, grad,
                                                        data<T>(grad_logits) + at, end - begin);
      });
    });
    return {grad_logits, at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

at::Tensor cross_entropy_sum(const at::Tensor& logits, const at::Tensor& labels, const CrossEntropyOptions& options) {
  return CrossEntropySum::apply(logits.contiguous(), labels.contiguous(), checked_weights(options, logits.size(1)),
                                options.label_smoothing);
}

}  // namespace albert::ops::fast
