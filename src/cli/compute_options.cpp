#include "cli/compute_options.h"

#include "cli/choice_option.h"

namespace albert::cli {

void add_compute_options(Command& command, model::ComputeConfig& compute) {
  using model::Precision;
  compute.precision = Precision::kFloat32;
  add_choice(command, "--device", compute.device, {{"auto", std::nullopt}, {"cpu", c10::kCPU}, {"cuda", c10::kCUDA}},
             "Where to compute");
  add_choice(command, "--precision", compute.precision,
             {{"float32", Precision::kFloat32}, {"bfloat16", Precision::kBFloat16}},
             "Number format of the matrix products");
  command.add_option("--threads", compute.threads, "Threads of the tensor operations [one per core]").not_negative();
}

void add_batch_tokens(Command& command, std::int64_t& batch_tokens) {
  command.add_option("--batch-tokens", batch_tokens, "Compute at most this many tokens at a time")
      .positive()
      .show_default();
}

}  // namespace albert::cli
