#include "train/trainer.h"

#include <chrono>
#include <cmath>
#include <utility>

#include <ATen/ATen.h>

#include "base/error.h"

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

Trainer::Trainer(Objective& objective, optim::Optimizer& optimizer, const optim::Schedule& schedule, Loader& loader,
                 TrainState state)
    : objective_(objective), optimizer_(optimizer), schedule_(schedule), loader_(loader), state_(std::move(state)) {}

StepReport Trainer::step() {
  const auto begin = std::chrono::steady_clock::now();
  const double waited_before = loader_.waited_s();
  StepReport report;

  const UpdateBatch batch = loader_.next();
  forward_backward(batch, report);
  report.gradient_norm = optim::gradient_norm(optimizer_.parameters());
  report.learning_rate = schedule_.at(state_.step);
  require_finite(report);
  optimizer_.step(report.learning_rate, optim::clip_scale(report.gradient_norm, optimizer_.config().clip_norm));
  clear_gradients(optimizer_.parameters());

  report.num_tokens = batch.num_tokens;
  report.waited_s = loader_.waited_s() - waited_before;
  report.seconds = seconds_since(begin);
  advance(batch, report);
  report.epoch = static_cast<double>(batch.end.epoch) +
                 static_cast<double>(batch.end.index) / static_cast<double>(batch.epoch_size);
  last_ = report;
  return report;
}

void Trainer::set_evaluation_due(bool is_due) {
  if (!is_due) {
    state_.evaluation_due.reset();
  } else if (last_) {  // else it is due since an earlier sitting
    state_.evaluation_due = {last_->epoch, last_->learning_rate, last_->gradient_norm};
  }
}

void Trainer::forward_backward(const UpdateBatch& batch, StepReport& report) {
  objective_.begin_update(state_.step);
  at::Tensor loss;
  at::Tensor sums;
  for (const auto& micro_batch : batch.micro_batches) {
    const Loss part = objective_.loss(*micro_batch, batch.num_targets);
    part.value.backward();
    const at::Tensor value = part.value.detach().to(at::kDouble);
    loss = loss.defined() ? loss + value : value;
    sums = sums.defined() ? sums + part.sums : part.sums;
  }
  // The only place of a step where the host waits for the device.
  report.loss = loss.item<double>();
  sums = sums.to(at::kCPU, at::kDouble).contiguous();
  report.sums.assign(sums.const_data_ptr<double>(), sums.const_data_ptr<double>() + sums.numel());
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
  state_.epoch = static_cast<std::int64_t>(batch.end.epoch);
  state_.index_in_epoch = static_cast<std::int64_t>(batch.end.index);
  state_.examples_seen += batch.num_sequences;
  state_.tokens_seen += batch.num_tokens;
  state_.elapsed_s += report.seconds;
}

}  // namespace albert::train
