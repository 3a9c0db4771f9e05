#include "model/heads/class_loss.h"

#include <ATen/ATen.h>

#include "base/error.h"
#include "ops/ops.h"
#include "ops/to_device.h"

namespace albert::model {

namespace {

/// [C] on the device of the scores; undefined where every class counts alike.
at::Tensor weights_of(const LossConfig& loss, const at::Tensor& scores) {
  if (loss.class_weights.empty()) return {};
  if (static_cast<std::int64_t>(loss.class_weights.size()) != scores.size(1)) {
    throw InternalError("{} class weights for {} classes", loss.class_weights.size(), scores.size(1));
  }
  return ops::to_device(at::tensor(loss.class_weights, at::kFloat), scores.device());
}

}  // namespace

at::Tensor class_loss_sum(const at::Tensor& scores, const at::Tensor& labels, const LossConfig& loss) {
  return ops::cross_entropy_sum(scores, labels, {weights_of(loss, scores), loss.label_smoothing});
}

at::Tensor label_loss_sum(const at::Tensor& scores, const at::Tensor& values, const LossConfig& loss) {
  const at::Tensor wanted =
      loss.label_smoothing > 0 ? values * (1 - loss.label_smoothing) + loss.label_smoothing / 2 : values;
  const at::Tensor weights = weights_of(loss, scores);
  const auto pos_weight = weights.defined() ? std::optional(weights) : std::nullopt;
  return at::binary_cross_entropy_with_logits(scores, wanted, {}, pos_weight, at::Reduction::Sum);
}

}  // namespace albert::model
