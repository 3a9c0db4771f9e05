#include "train/finetune_config.h"

#include <spdlog/fmt/fmt.h>

#include "base/file.h"
#include "base/glob.h"

namespace albert::train {

namespace {

/// What a dropout may be: -1 or a probability.
const config::Bounds kDropout{.min = -1, .max = 0.99};

void replace_if_given(double& value, double given) {
  if (given >= 0) value = given;
}

}  // namespace

void StartingModelConfig::fields(config::Fields& f) {
  f("path", path, "folder of the model to start from: its encoder's weights, its vocabulary");
  f("hidden_dropout_prob", hidden_dropout_prob, "dropout of the encoder; -1: as the model folder says", kDropout);
  f("attention_probs_dropout_prob", attention_probs_dropout_prob, "dropout of attention; -1: as the model folder says",
    kDropout);
  f("classifier_dropout_prob", classifier_dropout_prob, "dropout before the task's head; -1: as the model folder says",
    kDropout);
  f("freeze_encoder", freeze_encoder, "train the head alone (with the pooler): the encoder keeps its weights");
  f("fresh_weights", fresh_weights,
    "take the folder's shape and vocabulary but none of its weights: what training from scratch would reach");
  f.choice("head", head,
           "whether the head of a fine-tuned model is trained on: auto (if it is of the same task: the same kind of "
           "head, labels in the same order, and data), take (it has the right shape) or fresh (it starts anew)",
           {{"auto", HeadChoice::kAuto}, {"take", HeadChoice::kTake}, {"fresh", HeadChoice::kFresh}});
}

void StartingModelConfig::check(config::Checks& c) const {
  if (freeze_encoder && fresh_weights) {
    c.fail("model.freeze_encoder", "an encoder of fresh weights that is frozen learns nothing; set one of the two");
  }
  if (head == HeadChoice::kTake && fresh_weights) {
    c.fail("model.head", "take: has no effect with model.fresh_weights, which takes no weight");
  }
}

model::AlbertConfig StartingModelConfig::over(model::AlbertConfig config) const {
  replace_if_given(config.hidden_dropout_prob, hidden_dropout_prob);
  replace_if_given(config.attention_probs_dropout_prob, attention_probs_dropout_prob);
  replace_if_given(config.classifier_dropout_prob, classifier_dropout_prob);
  return config;
}

void FinetuneDataConfig::fields(config::Fields& f) {
  f("path", path, "the data set: a folder in the task's public layout, a file, or a pattern with *, ? or [...]");
  f("more_paths", more_paths,
    "further files, folders and patterns, read with data.path as one data set; a relative one is relative to the "
    "current folder");
  f("batch_tokens", batch_tokens,
    "tokens of an update at most, instead of train.batch_size examples; 0: examples count", config::at_least(0));
  f("like_lengths_together", like_lengths_together,
    "fill each update with examples of about the same length, so that updates take even time and memory; nothing is "
    "padded, so it is no faster, and learns less where the length of a text tells something of its class");
  f("threads", threads, "background threads that make batches; 0: the training thread makes them itself",
    config::at_least(0));
}

std::vector<fs::path> FinetuneDataConfig::paths() const {
  std::vector<fs::path> given = {path};
  given.insert(given.end(), more_paths.begin(), more_paths.end());
  return expand_patterns(given);
}

FinetuneConfig::FinetuneConfig() {
  training.optimizer.name = optim::Rule::kAdamW;
  training.optimizer.learning_rate = 2e-5;
  training.schedule.decay = optim::Decay::kLinear;
  training.train.steps = 0;
  training.train.batch_size = 32;
  training.train.micro_batch_size = 32;
  training.evaluate.every = 500;
  training.evaluate.metric.reset();  // it is task.metric
  training.evaluate.max_sequences.reset();
  training.train.minutes.reset();
  training.train.batch_schedule.reset();
  training.train.depth_schedule.reset();
  training.checkpoint.every = checkpoint::CheckpointConfig::kWithEvaluations;  // which take longer than to save
  training.checkpoint.keep = 3;
}

void FinetuneConfig::fields(config::Fields& f) {
  f.group("task", task, "what is asked of a text");
  f.group("model", model, "the model to start from");
  f.group("data", data, "the data set, and how it is cut into updates");
  training.fields(f);
}

void FinetuneConfig::check(config::Checks& c) const {
  task.check(c);
  model.check(c);
  training.check(c);
  if (task.needs_fitting() && training.evaluate.every == 0) {
    c.fail("evaluate.every", "is 0, but a threshold or temperature of the task is to be found in an evaluation");
  }
  training.schedule.check_no_rewarming(c, "no fine-tuning grows");
  check_negatives(c);
}

void FinetuneConfig::check_negatives(config::Checks& c) const {
  if (!task.settings().learns_from_whole_updates()) return;
  if (data.batch_tokens > 0) {
    c.fail("data.batch_tokens", "in_batch_negatives needs updates of a fixed number of pairs; set train.batch_size");
  }
  if (training.train.micro_batch_size < training.train.batch_size) {
    c.fail("train.micro_batch_size",
           fmt::format("in_batch_negatives tells a pair's partner from those of the same micro-batch, so the whole "
                       "update of {} must go through the model at once; found {}",
                       training.train.batch_size, training.train.micro_batch_size));
  }
}

BatchPlan FinetuneConfig::batch_plan() const {
  return {training.train.batch_size, data.batch_tokens, data.like_lengths_together};
}

WrittenFinetuneConfig read_finetune_config(const std::filesystem::path& name,
                                           const std::vector<std::string>& assignments) {
  return config::read_written<FinetuneConfig>(name, "finetune", assignments,
                                              {{"data.corpus", "data.corpora", "data.max_sequence_length",
                                                "data.pair_objective", "data.masking_rate", "model.hidden_size"},
                                               "pretrain"});
}

}  // namespace albert::train
