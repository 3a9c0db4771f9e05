#include "train/training_config.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include "base/log.h"

namespace albert::train {

using config::at_least;
using config::between;

namespace {

constexpr double kMaxBatch = 16'777'216;  // sequences; many times what anybody trains with

}  // namespace

void check_growth(config::Checks& c, std::string_view key, const config::Timeline& timeline, std::string_view final_key,
                  std::int64_t final_value) {
  if (timeline.is_empty()) return;
  for (const auto& [share, value] : timeline.points()) {
    if (value != std::floor(value)) c.fail(key, fmt::format("has {:g}; expected whole numbers", value));
  }
  if (timeline.last() != static_cast<double>(final_value)) {
    c.fail(key, fmt::format("ends with {:g}, but {} is {}; the two have to be equal", timeline.last(), final_key,
                            final_value));
  }
  if (timeline.points().size() > 1 && timeline.points().back().share == 1) {
    c.fail(key, fmt::format("has {:g} at the share 1, which is the end of the run: no update would have it",
                            timeline.last()));
  }
}

void TrainConfig::fields(config::Fields& f) {
  f("steps", steps, "updates of the parameters in the whole run; 0: another setting says how long it is", at_least(0));
  f("epochs", epochs, "passes over the training examples in the whole run; 0: another setting says how long it is",
    at_least(0));
  std::vector<config::Fields::Alternative> lengths = {{"steps", &steps}, {"epochs", &epochs}};
  if (minutes) {
    f("minutes", *minutes,
      "how long the run takes, on whatever computer; what changes over it goes by the clock, evaluations and "
      "checkpoints included; 0: another setting says how long it is",
      config::between(0, Course::kMaxMinutes));
    f("clock", clock,
      "clock.txt of another run of so many minutes, whose updates this one repeats instead of reading the clock; "
      "empty: it reads the clock");
    lengths.push_back({"minutes", &*minutes});
  }
  f.one_counts(lengths);
  f("batch_size", batch_size, "sequences per update, over all ranks and micro-batches", between(1, kMaxBatch));
  f("micro_batch_size", micro_batch_size,
    "sequences that go through the model together; an update adds up the gradients of as many micro-batches as it "
    "needs, and is the same whatever this is, so it decides memory only",
    between(1, kMaxBatch));
  if (batch_schedule) {
    f("batch_schedule", *batch_schedule,
      "sequences per update that grow over the run, as {0: 512, 0.5: 4096} by shares of it, up to batch_size; null: "
      "batch_size from the first one",
      between(1, kMaxBatch));
  }
  if (depth_schedule) {
    f("depth_schedule", *depth_schedule,
      "applications of the shared layer that grow over the run, as {0: 3, 0.35: 6, 0.7: 12} by shares of it, up to "
      "model.num_hidden_layers; null: all from the first update",
      at_least(1));
  }
  compute.fields(f);
  f("seed", seed, "of the initial weights, the order of the examples, the masks and dropout", at_least(0));
  f("recompute", recompute,
    "keep only the inputs of the layers and compute the rest again in the backward pass: less memory, about a third "
    "more time");
}

void TrainConfig::check(config::Checks& c) const {
  if (steps == 0 && epochs == 0 && !follows_clock()) {
    c.fail("train.steps", fmt::format("the run has no length: set train.steps{} train.epochs",
                                      minutes ? ", train.minutes or" : " or"));
  }
  if (steps > 0 && epochs > 0) {
    c.fail("train.epochs", fmt::format("has no effect beside train.steps {}; keep one of the two", steps));
  }
  if (follows_clock() && (steps > 0 || epochs > 0)) {
    c.fail("train.minutes",
           fmt::format("has no effect beside train.{}; keep one of the two", steps > 0 ? "steps" : "epochs"));
  }
  if (!clock.empty() && !follows_clock()) c.fail("train.clock", "has no effect without train.minutes");
  if (batch_schedule) check_growth(c, "train.batch_schedule", *batch_schedule, "train.batch_size", batch_size);
}

void EvaluateConfig::fields(config::Fields& f) {
  f("every", every, "steps between evaluations on the held-out part, with one at the end; 0: never", at_least(0));
  f("patience", patience,
    "evaluations in a row without a better result after which the run ends; 0: it goes on to its end", at_least(0));
  if (metric) {
    f.choice<std::string>("metric", *metric,
                          "the figure on the held-out part by which models are compared: of losses the smallest is the "
                          "best, of shares the largest",
                          {{"loss", "loss"},
                           {"mlm_loss", "mlm_loss"},
                           {"mlm_accuracy", "mlm_accuracy"},
                           {"sop_loss", "sop_loss"},
                           {"sop_accuracy", "sop_accuracy"}});
  }
  if (max_sequences) {
    f("max_sequences", *max_sequences, "held-out sequences to evaluate on, always the same ones; 0: all", at_least(0));
  }
}

void LogConfig::fields(config::Fields& f) {
  f("every", every, "steps between records in metrics.jsonl and TensorBoard, with one at the end; 0: never",
    at_least(0));
}

void TrainingConfig::fields(config::Fields& f) {
  f.group("optimizer", optimizer, "how gradients become updates");
  f.group("schedule", schedule, "the learning rate over the run");
  f.group("train", train, "how much, and on what");
  f.group("evaluate", evaluate, "judging the model on held-out examples");
  f.group("checkpoint", checkpoint, "keeping the run's state on disk");
  f.group("log", log, "records of the run");
  f.group("parallel", parallel, "training in several processes");
}

std::int64_t TrainingConfig::checkpoint_interval() const {
  constexpr std::int64_t kWithoutEvaluations = 500;
  if (checkpoint.every != checkpoint::CheckpointConfig::kWithEvaluations) return checkpoint.every;
  return evaluate.every > 0 ? evaluate.every : kWithoutEvaluations;
}

void TrainingConfig::settle_length(const std::function<std::int64_t(double epochs)>& updates) {
  if (train.epochs > 0) train.steps = std::max<std::int64_t>(1, updates(std::exchange(train.epochs, 0)));
  const optim::RunLength length = train.length();
  optim::ScheduleConfig settled = schedule;
  settled.settle(length.count);
  if (!length.is_time()) schedule = settled;  // milliseconds are no steps: as a setting they stay shares
  if (settled.warmup_steps >= length.count) {
    log_warning(
        "the run of {} ends within its warm-up of {}: the learning rate never reaches its peak; lower "
        "schedule.warmup_steps, or give schedule.warmup_ratio=0.1",
        length.stretch(length.count), length.stretch(settled.warmup_steps));
  }
}

void TrainingConfig::check(config::Checks& c) const {
  optimizer.check(c);
  schedule.check(c);
  train.check(c);
  if (!train.follows_clock()) return;
  for (const auto& [name, steps] :
       {std::pair("warmup", schedule.warmup_steps), std::pair("rewarm", schedule.rewarm_steps),
        std::pair("decay", schedule.decay_steps)}) {
    if (steps == 0) continue;
    c.fail(fmt::format("schedule.{}_steps", name),
           fmt::format("counts updates, but how many there are in train.minutes depends on the computer; give "
                       "schedule.{}_ratio, a share of the run",
                       name));
  }
}

}  // namespace albert::train
