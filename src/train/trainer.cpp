#include "train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

#include <ATen/ATen.h>

#include "base/error.h"
#include "base/signals.h"

namespace albert::train {

namespace {

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::string describe(const StepReport& report) {
  return fmt::format("loss {:g}, gradient norm {:g}, learning rate {:g}", report.loss, report.gradient_norm,
                     report.learning_rate);
}

void clear_gradients(const optim::NamedTensors& parameters) {
  for (const auto& [name, tensor] : parameters) tensor.mutable_grad().reset();
}

}  // namespace

Trainer::Trainer(Objective& objective, parallel::DistributedOptimizer& optimizer, optim::Schedule schedule,
                 Course& course, Loader& loader, parallel::Group& ranks, const parallel::GradientSumOptions& gradients,
                 TrainState state)
    : objective_(objective),
      optimizer_(optimizer),
      schedule_(std::move(schedule)),
      course_(course),
      loader_(loader),
      ranks_(ranks),
      gradients_(optimizer.parameters(), ranks, gradients),
      state_(std::move(state)) {}

StepReport Trainer::step() {
  const auto begin = std::chrono::steady_clock::now();
  const double waited_before = loader_.waited_s();
  const double exchanged_before = ranks_.waited_s();
  StepReport report;

  batch_ = loader_.next();
  const TargetCounts targets = exchange(batch_, report);
  forward_backward(batch_, targets, report);
  report.learning_rate = schedule_.at(course_.place(state_.step));
  require_finite(report);
  optimizer_.step(report.learning_rate, optim::clip_scale(report.gradient_norm, optimizer_.config().clip_norm));
  clear_gradients(optimizer_.parameters());

  report.waited_s = loader_.waited_s() - waited_before;
  report.exchanged_s = ranks_.waited_s() - exchanged_before;
  report.seconds = seconds_since(begin);
  advance(batch_, report);
  report.epoch = static_cast<double>(batch_.end.epoch) +
                 static_cast<double>(batch_.end.index) / static_cast<double>(batch_.epoch_size);
  last_ = report;
  return report;
}

void Trainer::require_finite_weights() {
  if (!last_) return;
  const at::NoGradGuard no_gradients;
  at::Tensor loss = at::zeros({1}, at::kDouble);
  if (!batch_.micro_batches.empty()) {
    const MicroBatch& some = *batch_.micro_batches.front();
    loss += objective_.loss(some, some.num_targets).value.to(at::kCPU, at::kDouble);
  }
  ranks_.sum(loss);
  if (std::isfinite(loss.item<double>())) return;
  throw NumericalError(
      "step {}: with the weights after it the loss is not a finite number; before, they were: {}. No checkpoint was "
      "written. Try a lower optimizer.learning_rate, a longer schedule.warmup_steps or train.precision: float32",
      state_.step, describe(*last_));
}

void Trainer::set_evaluation_due(bool is_due) {
  if (!is_due) {
    state_.evaluation_due.reset();
  } else if (last_) {  // else it is due since an earlier sitting
    state_.evaluation_due = {last_->epoch, last_->learning_rate, last_->gradient_norm};
  }
}

TargetCounts Trainer::exchange(const UpdateBatch& batch, StepReport& report) {
  report.num_tokens = batch.num_tokens;
  if (ranks_.is_alone()) return batch.num_targets;
  // [targets of each kind, tokens of each rank]
  const auto kinds = static_cast<std::int64_t>(objective_.num_targets());
  const auto size = static_cast<std::int64_t>(ranks_.size());
  at::Tensor numbers = at::zeros({kinds + size}, at::kDouble);
  auto* const own = numbers.mutable_data_ptr<double>();
  std::ranges::copy(batch.num_targets, own);
  own[kinds + ranks_.rank()] = static_cast<double>(batch.num_tokens);
  ranks_.sum(numbers);
  const std::span<const double> all(own, static_cast<std::size_t>(numbers.numel()));
  const auto tokens = all.last(static_cast<std::size_t>(size));
  report.num_tokens = std::llround(std::accumulate(tokens.begin(), tokens.end(), 0.0));
  report.tokens_at_most = *std::ranges::max_element(tokens) * static_cast<double>(size);
  return {all.begin(), all.begin() + kinds};
}

void Trainer::forward_backward(const UpdateBatch& batch, const TargetCounts& update_targets, StepReport& report) {
  note_sequence_length();
  optimizer_.follow(objective_.begin_update(state_.step));
  at::Tensor sums;  // [num_sums + 1] on the device of the losses: the task's, and the loss
  for (const auto& micro_batch : batch.micro_batches) {
    const Loss part = objective_.loss(*micro_batch, update_targets);
    if (micro_batch == batch.micro_batches.back()) gradients_.expect_last_pass();
    part.value.backward();
    const at::Tensor numbers = at::cat({part.sums, part.value.detach().to(at::kDouble).view({1})});
    sums = sums.defined() ? sums + numbers : numbers;
  }
  gradients_.run();
  const at::Tensor squares = optim::squared_gradient_norm(optimizer_.parameters());  // []
  if (!sums.defined()) sums = at::zeros({static_cast<std::int64_t>(objective_.num_sums()) + 1}, squares.options());
  // Where a process alone waits for the device, once in a step.
  const at::Tensor all = at::cat({sums, squares.to(sums.device()).view({1})}).to(at::kCPU);
  report.gradient_norm = std::sqrt(all[all.numel() - 1].item<double>());
  collect(all.slice(0, 0, all.numel() - 1), report);
}

void Trainer::note_sequence_length() {
  const std::int64_t length = objective_.sequence_length(state_.step);
  if (!state_.longest_sequence || length <= *state_.longest_sequence) return;
  if (*state_.longest_sequence > 0) objective_.extend_positions(*state_.longest_sequence, length);
  state_.longest_sequence = length;
}

void Trainer::collect(const at::Tensor& sums, StepReport& report) {
  // [sums, loss, place, signal of each rank]. At the end of the update: what comes in it still stops the run before the
  // next.
  const at::Tensor numbers = at::cat({sums, at::zeros({1 + ranks_.size()}, at::kDouble)}).contiguous();
  const std::span<double> all(numbers.mutable_data_ptr<double>(), static_cast<std::size_t>(numbers.numel()));
  double& place = all[static_cast<std::size_t>(sums.numel())];
  if (ranks_.is_first()) {
    place =
        static_cast<double>(course_.expected_place(state_.step + 1, seconds_since(begin_), last_ ? last_->seconds : 0));
  }
  const auto signals = all.last(static_cast<std::size_t>(ranks_.size()));
  signals[static_cast<std::size_t>(ranks_.rank())] = StopRequest::signal();
  ranks_.sum(numbers);
  const auto computed = all.first(static_cast<std::size_t>(sums.numel()));
  report.loss = computed.back();
  report.sums.assign(computed.begin(), computed.end() - 1);
  const auto signalled = std::ranges::find_if(signals, [](double signal) { return signal != 0; });
  report.signal = signalled == signals.end() ? 0 : static_cast<int>(*signalled);
  report.later_place = std::llround(place);
}

void Trainer::require_finite(const StepReport& report) const {
  if (std::isfinite(report.loss) && std::isfinite(report.gradient_norm)) return;
  const std::string before = last_ ? fmt::format("after step {} they were: {}", state_.step, describe(*last_))
                                   : "it is the first step of this sitting";
  throw NumericalError(
      "step {}: the loss or a gradient is not a finite number: {}; {}. The update was not made. Try a lower "
      "optimizer.learning_rate, a longer schedule.warmup_steps or train.precision: float32",
      state_.step + 1, describe(report), before);
}

void Trainer::advance(const UpdateBatch& batch, const StepReport& report) {
  ++state_.step;
  course_.note(state_.step, report.later_place);
  state_.epoch = static_cast<std::int64_t>(batch.end.epoch);
  state_.index_in_epoch = static_cast<std::int64_t>(batch.end.index);
  state_.examples_seen += batch.num_sequences;
  state_.tokens_seen += report.num_tokens;
  state_.elapsed_s += report.seconds;
}

}  // namespace albert::train
