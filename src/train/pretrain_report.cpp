#include "train/pretrain_report.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "base/counted.h"
#include "base/log.h"
#include "base/progress.h"
#include "model/statistics.h"
#include "optim/optimizer_config.h"
#include "optim/schedule.h"

namespace albert::train {

namespace {

model::Workload workload_of(const PretrainConfig& config, const model::Compute& compute) {
  const TrainConfig& train = config.training.train;
  return {.sequence_length = config.data.examples.max_sequence_length,
          .num_sequences = std::min(train.micro_batch_size, train.batch_size),
          .masked_fraction = config.data.examples.masked_fraction,
          .precision = compute.precision,
          .recompute = train.recompute};
}

void report_arithmetic(const PretrainConfig& config, const model::Compute& compute, const corpus::Corpus& corpus,
                       const tasks::Task& task) {
  const TrainConfig& train = config.training.train;
  const std::int64_t length = config.data.examples.max_sequence_length;
  const auto epoch_size = static_cast<std::int64_t>(task.epoch(0)->size());
  const model::Workload workload = workload_of(config, compute);
  log_info("computing on {}", compute.to_string());
  log_info("corpus: {} documents and {} tokens to train on, {} documents held out; {} examples an epoch",
           grouped(corpus.num_documents(corpus::Split::kTrain)), grouped(corpus.num_tokens(corpus::Split::kTrain)),
           grouped(corpus.num_documents(corpus::Split::kHeldOut)), grouped(epoch_size));
  log_info("step: {} sequences of at most {} tokens = at most {} tokens, in {} of {}", train.batch_size, length,
           grouped(train.batch_size * length),
           counted((train.batch_size - 1) / workload.num_sequences + 1, "micro-batch", "micro-batches"),
           workload.num_sequences);
  log_info("run: {} steps = {:.2f} epochs of {:.1f} steps", train.steps,
           static_cast<double>(train.steps * train.batch_size) / static_cast<double>(epoch_size),
           static_cast<double>(epoch_size) / static_cast<double>(train.batch_size));
  log_info("model: {} parameters; about {} of memory, {:.2f} GFLOP a token",
           grouped(model::count_parameters(config.model).total()),
           format_bytes(static_cast<std::uint64_t>(model::estimate_training_memory(config.model, workload).total())),
           model::count_flops_per_token(config.model, workload).training(workload.recompute) / 1e9);
}

}  // namespace

void report_start(const WrittenPretrainConfig& config, const model::Compute& compute, const corpus::Corpus& corpus,
                  const tasks::Task& task) {
  log_info("configuration, and where each value was written:\n{}", config.to_yaml(/*with_origins=*/true));
  report_arithmetic(config.values, compute, corpus, task);
  const TrainingConfig& training = config.values.training;
  log_info("schedule: {}",
           optim::summarise({training.schedule, training.optimizer.learning_rate, training.train.steps}));
  if (const auto warning = optim::learning_rate_warning(training.optimizer, training.train.batch_size)) {
    log_warning("{}", *warning);
  }
}

}  // namespace albert::train
