// Gives each text on standard input, one a line, or each pair of texts with a tab between, the probability of each class, by the program of
// torch.export in model.pt2, which LibTorch runs without Python and without any code of the model.
//
// Install: scripts/setup.sh (LibTorch)
// Build:   cmake --preset release && cmake --build build/release --target torch_export_classify
// Run:     build/release/scripts/examples/torch_export_classify FOLDER < texts.txt      # FOLDER: what `albert export` wrote
#include <exception>
#include <filesystem>
#include <iostream>

#include <ATen/ATen.h>
#include <c10/util/Logging.h>
#include <torch/nativert/ModelRunnerHandle.h>

#include "classify.h"

C10_DECLARE_int(caffe2_log_level);

namespace {

using albert::examples::Batch;

at::Tensor tensor(const Batch& batch, std::vector<std::int64_t>& values) {
  return at::from_blob(values.data(), {batch.num_texts, batch.length}, at::kLong);
}

void classify(const std::filesystem::path& folder) {
  FLAGS_caffe2_log_level = c10::GLOG_ERROR;  // else it names the operators that it has no kernels of its own for
  torch::nativert::ModelRunnerHandle model(folder / "model.pt2", "model");
  albert::examples::classify_standard_input(folder, [&](Batch& batch) {
    const std::vector<c10::IValue> outputs = model.runWithFlatInputsAndOutputs(
        {tensor(batch, batch.input_ids), tensor(batch, batch.attention_mask), tensor(batch, batch.token_type_ids)});
    const at::Tensor logits = outputs.front().toTensor().contiguous();  // [B, classes]
    return std::vector<float>(logits.const_data_ptr<float>(), logits.const_data_ptr<float>() + logits.numel());
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: torch_export_classify FOLDER < texts.txt\n";
    return 2;
  }
  try {
    classify(argv[1]);
  } catch (const c10::Error& error) {
    std::cerr << "torch_export_classify: " << error.what_without_backtrace() << '\n';
    return 1;
  } catch (const std::exception& error) {
    std::cerr << "torch_export_classify: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
