#include "ops/dropout_state.h"

#include "ops/dropout_mask.h"
#include "ops/to_device.h"

namespace albert::ops {

DropoutState::DropoutState(const Dropout& dropout, at::Device device) {
  set_threshold(dropout_threshold(dropout.probability));
  site_.key = dropout.key;
  if (drops()) row_numbers_ = to_device(dropout.row_numbers.to(at::kLong), device).contiguous();
}

DropoutState::DropoutState(torch::autograd::AutogradContext* context) {
  set_threshold(static_cast<std::uint32_t>(context->saved_data["threshold"].toInt()));
  if (!drops()) return;
  site_.key = static_cast<std::uint64_t>(context->saved_data["key"].toInt());
  row_numbers_ = context->saved_data["row_numbers"].toTensor();
}

void DropoutState::save(torch::autograd::AutogradContext* context) const {
  context->saved_data["threshold"] = static_cast<std::int64_t>(site_.threshold);
  if (!drops()) return;
  context->saved_data["key"] = static_cast<std::int64_t>(site_.key);
  context->saved_data["row_numbers"] = row_numbers_;
}

kernels::DropoutSite DropoutState::site(std::int64_t row) const {
  kernels::DropoutSite site = site_;
  if (drops()) site.row_numbers = row_numbers_.const_data_ptr<std::int64_t>() + row;
  return site;
}

void DropoutState::set_threshold(std::uint32_t threshold) {
  site_.threshold = threshold;
  site_.scale = dropout_scale(threshold);
}

}  // namespace albert::ops
