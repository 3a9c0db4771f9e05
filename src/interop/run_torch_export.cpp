#include "interop/run_torch_export.h"

#include <ATen/ATen.h>
#include <c10/util/Logging.h>
#include <torch/nativert/ModelRunnerHandle.h>

#include "base/error.h"

C10_DECLARE_int(caffe2_log_level);

namespace albert::interop {

std::map<std::string, std::vector<float>> run_torch_export(const std::filesystem::path& path,
                                                           std::span<const ReferenceInput> inputs) {
  FLAGS_caffe2_log_level = c10::GLOG_ERROR;  // not which operators have no kernel of its own
  std::map<std::string, std::vector<float>> outputs;
  try {
    torch::nativert::ModelRunnerHandle program(path.string(), "model");
    std::vector<c10::IValue> arguments;
    for (const ReferenceInput& input : inputs) {
      arguments.emplace_back(at::tensor(at::ArrayRef<std::int64_t>(input.values)).view(input.shape));
    }
    const c10::IValue found = program.run(arguments, {});
    for (const auto& entry : found.toGenericDict()) {
      const at::Tensor values = entry.value().toTensor().contiguous();
      if (values.scalar_type() != at::kFloat) continue;
      const auto* const data = values.const_data_ptr<float>();
      outputs.emplace(entry.key().toStringRef(), std::vector<float>(data, data + values.numel()));
    }
  } catch (const c10::Error& error) {
    throw ModelError("LibTorch refuses {}: {}", path.string(), error.what_without_backtrace());
  }
  return outputs;
}

}  // namespace albert::interop
