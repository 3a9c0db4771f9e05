#include "cli/compute_options.h"

#include "cli/choice_option.h"

namespace albert::cli {

namespace {

using Precisions = Choices<std::optional<model::Precision>>;

const Precisions kPrecisions = {{"float32", model::Precision::kFloat32},
                                {"bfloat16", model::Precision::kBFloat16},
                                {"int8", model::Precision::kInt8}};

void add_options(Command& command, model::ComputeConfig& compute, const Precisions& precisions,
                 const std::string& more) {
  add_choice(command, "--device", compute.device, {{"auto", std::nullopt}, {"cpu", c10::kCPU}, {"cuda", c10::kCUDA}},
             "Where to compute");
  add_choice(command, "--precision", compute.precision, precisions, "Number format of the matrix products" + more);
  command.add_option("--threads", compute.threads, "Threads of the tensor operations [one per core]").not_negative();
}

}  // namespace

void add_compute_options(Command& command, model::ComputeConfig& compute) {
  compute.precision = model::Precision::kFloat32;
  add_options(command, compute, kPrecisions, "");
}

void add_prediction_options(Command& command, model::ComputeConfig& compute) {
  Precisions precisions = {{"auto", std::nullopt}};
  precisions.insert(precisions.end(), kPrecisions.begin(), kPrecisions.end());
  add_options(command, compute, precisions,
              "; auto: the fastest in which the model was measured to be as good as in float32, else float32");
}

void add_batch_tokens(Command& command, std::int64_t& batch_tokens) {
  command.add_option("--batch-tokens", batch_tokens, "Compute at most this many tokens at a time")
      .positive()
      .show_default();
}

}  // namespace albert::cli
