#include "train/train_config.h"

#include <spdlog/fmt/fmt.h>

namespace albert::train {

using config::at_least;

void TrainConfig::fields(config::Fields& f) {
  f("steps", steps, "updates of the parameters in the whole run; 0: train.epochs says how long it is", at_least(0));
  f("epochs", epochs, "passes over the training examples in the whole run; 0: train.steps says how long it is",
    at_least(0));
  f.one_counts("steps", steps, "epochs", epochs);
  f("batch_size", batch_size, "sequences per update, over all ranks and micro-batches", at_least(1));
  f("micro_batch_size", micro_batch_size,
    "sequences that go through the model together; an update adds up the gradients of as many micro-batches as it "
    "needs, and is the same whatever this is, so it decides memory only",
    at_least(1));
  compute.fields(f);
  f("seed", seed, "of the initial weights, the order of the examples, the masks and dropout", at_least(0));
  f("recompute", recompute,
    "keep only the inputs of the layers and compute the rest again in the backward pass: less memory, about a third "
    "more time");
}

void TrainConfig::check(config::Checks& c) const {
  if (steps == 0 && epochs == 0) c.fail("train.steps", "the run has no length: set train.steps or train.epochs");
  if (steps > 0 && epochs > 0) {
    c.fail("train.epochs", fmt::format("has no effect beside train.steps {}; keep one of the two", steps));
  }
}

void EvaluateConfig::fields(config::Fields& f) {
  f("every", every, "steps between evaluations on the held-out part, with one at the end; 0: never", at_least(0));
  f("patience", patience,
    "evaluations in a row without a better result after which the run ends; 0: it goes on to its end", at_least(0));
  if (max_sequences) {
    f("max_sequences", *max_sequences, "held-out sequences to evaluate on, always the same ones; 0: all", at_least(0));
  }
}

void LogConfig::fields(config::Fields& f) {
  f("every", every, "steps between records in metrics.jsonl and TensorBoard, with one at the end; 0: never",
    at_least(0));
}

}  // namespace albert::train
