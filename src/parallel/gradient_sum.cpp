#include "parallel/gradient_sum.h"

#include <functional>
#include <utility>

#include <ATen/ATen.h>
#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/variable.h>

#include "base/error.h"

namespace albert::parallel {

namespace {

/// Called each time that a backward pass has added to a gradient.
class Hook : public torch::autograd::PostAccumulateGradHook {
 public:
  explicit Hook(std::function<void()> action) : action_(std::move(action)) {}
  void operator()(const torch::autograd::Variable& /*tensor*/) override { action_(); }

 private:
  std::function<void()> action_;
};

}  // namespace

GradientSum::GradientSum(optim::NamedTensors parameters, Group& group, const GradientSumOptions& options)
    : parameters_(std::move(parameters)), group_(group), options_(options) {
  if (group_.is_alone()) return;
  make_buckets();
  options_.overlaps = options_.overlaps && buckets_.size() > 1;
  if (options_.overlaps) add_hooks();
}

GradientSum::~GradientSum() {
  if (group_.is_alone() || !options_.overlaps) return;
  for (const auto& [name, tensor] : parameters_) torch::autograd::impl::set_post_acc_grad_hooks(tensor, nullptr);
}

/// A backward pass comes to the last parameters first.
void GradientSum::make_buckets() {
  bucket_of_.resize(parameters_.size());
  offset_of_.resize(parameters_.size());
  std::vector<std::int64_t> sizes;
  for (std::size_t i = parameters_.size(); i-- > 0;) {
    if (sizes.empty() || sizes.back() >= options_.bucket_elements) {
      buckets_.emplace_back();
      sizes.push_back(0);
    }
    buckets_.back().parameters.push_back(i);
    bucket_of_[i] = buckets_.size() - 1;
    offset_of_[i] = sizes.back();
    sizes.back() += parameters_[i].tensor.numel();
  }
  sizes.back() += static_cast<std::int64_t>(parameters_.size());
  const auto options = at::TensorOptions(parameters_.front().tensor.device()).dtype(at::kFloat);
  for (std::size_t b = 0; b < buckets_.size(); ++b) buckets_[b].flat = at::empty({sizes[b]}, options);
}

void GradientSum::add_hooks() {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    torch::autograd::impl::set_post_acc_grad_hooks(parameters_[i].tensor,
                                                   std::make_unique<Hook>([this, i] { note_gradient(i); }));
  }
}

void GradientSum::expect_last_pass() {
  is_last_pass_ = true;
  for (Bucket& bucket : buckets_) bucket.num_missing = bucket.parameters.size();
}

void GradientSum::note_gradient(std::size_t parameter) {
  if (!is_last_pass_) return;
  if (bucket_of_[parameter] < num_sent_) {
    throw InternalError("parameter {} got more of its gradient after that had left", parameters_[parameter].name);
  }
  --buckets_[bucket_of_[parameter]].num_missing;
  // All ranks send in the same order; the last bucket has the flags, which are complete at the end.
  while (num_sent_ + 1 < buckets_.size() && buckets_[num_sent_].num_missing == 0) send(buckets_[num_sent_]);
}

void GradientSum::send(Bucket& bucket) {
  const at::NoGradGuard no_gradients;
  for (const std::size_t i : bucket.parameters) {
    const at::Tensor& parameter = parameters_[i].tensor;
    at::Tensor place = bucket.flat.slice(0, offset_of_[i], offset_of_[i] + parameter.numel());
    if (parameter.grad().defined()) {
      place.copy_(parameter.grad().flatten());
    } else {
      place.zero_();
    }
  }
  if (++num_sent_ == buckets_.size()) {
    at::Tensor flags = at::zeros({static_cast<std::int64_t>(parameters_.size())}, at::kFloat);
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      if (parameters_[i].tensor.grad().defined()) flags[static_cast<std::int64_t>(i)] = 1;
    }
    bucket.flat.slice(0, bucket.flat.size(0) - flags.size(0)).copy_(flags);
  }
  bucket.rounded = options_.type == GradientType::kBFloat16 ? bucket.flat.to(at::kBFloat16) : bucket.flat;
  bucket.sum = group_.begin_sum(bucket.rounded);
}

void GradientSum::receive(Bucket& bucket) {
  bucket.sum->wait();
  bucket.sum.reset();
  if (options_.type == GradientType::kBFloat16) bucket.flat.copy_(bucket.rounded);
}

void GradientSum::run() {
  if (group_.is_alone()) return;
  const at::NoGradGuard no_gradients;
  num_early_ = num_sent_;
  while (num_sent_ < buckets_.size()) send(buckets_[num_sent_]);
  for (Bucket& bucket : buckets_) receive(bucket);
  num_sent_ = 0;
  is_last_pass_ = false;
  const auto num_parameters = static_cast<std::int64_t>(parameters_.size());
  const at::Tensor last = buckets_.back().flat;
  const at::Tensor flags = last.slice(0, last.size(0) - num_parameters).to(at::kCPU);
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (flags[static_cast<std::int64_t>(i)].item<float>() == 0) continue;
    const at::Tensor& parameter = parameters_[i].tensor;
    parameter.mutable_grad() =
        buckets_[bucket_of_[i]].flat.slice(0, offset_of_[i], offset_of_[i] + parameter.numel()).view(parameter.sizes());
  }
}

}  // namespace albert::parallel
