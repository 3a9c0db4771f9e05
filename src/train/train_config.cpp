#include "train/train_config.h"

namespace albert::train {

using config::at_least;

void TrainConfig::fields(config::Fields& f) {
  f("steps", steps, "updates of the parameters in the whole run", at_least(1));
  f("batch_size", batch_size, "sequences per update, over all ranks and micro-batches", at_least(1));
  f("micro_batch_size", micro_batch_size,
    "sequences that go through the model together; an update adds up the gradients of as many micro-batches as it "
    "needs, "
    "and is the same whatever this is, so it decides memory only",
    at_least(1));
  f.choice("device", device, "where to train; auto takes CUDA where there is a GPU",
           {{"auto", DeviceChoice::kAuto}, {"cpu", DeviceChoice::kCpu}, {"cuda", DeviceChoice::kCuda}});
  f.choice(
      "precision", precision,
      "type of the matrix products; parameters, statistics and losses are float32 in any case; auto takes bfloat16 "
      "where the device has instructions for it (AVX512_BF16, AMX, CUDA sm80 or later)",
      {{"auto", PrecisionChoice::kAuto},
       {"float32", PrecisionChoice::kFloat32},
       {"bfloat16", PrecisionChoice::kBFloat16}});
  f("seed", seed, "of the initial weights, the order of the examples, the masks and dropout", at_least(0));
  f("threads", threads, "threads of the tensor operations; 0: one per core", at_least(0));
  f("deterministic", deterministic,
    "on CUDA, repeat a run bit for bit at some cost in speed; a CPU repeats it anyhow, with the same number of "
    "threads");
  f("recompute", recompute,
    "keep only the inputs of the layers and compute the rest again in the backward pass: less memory, about a third "
    "more time");
}

void EvaluateConfig::fields(config::Fields& f) {
  f("every", every, "steps between evaluations on the held-out part, with one at the end; 0: never", at_least(0));
  f("max_sequences", max_sequences, "held-out sequences to evaluate on, always the same ones; 0: all", at_least(0));
}

void LogConfig::fields(config::Fields& f) {
  f("every", every, "steps between records in metrics.jsonl and TensorBoard, with one at the end; 0: never",
    at_least(0));
}

}  // namespace albert::train
