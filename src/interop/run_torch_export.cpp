#include "interop/run_torch_export.h"

#include <ATen/ATen.h>
#include <c10/util/Logging.h>
#include <torch/nativert/ModelRunnerHandle.h>

#include "base/error.h"
#include "base/shown.h"

C10_DECLARE_int(caffe2_log_level);

namespace albert::interop {

namespace {

/// While it lives, LibTorch does not say which operators have no kernel of its own.
class QuietLibTorch {
 public:
  QuietLibTorch() : level_before_(FLAGS_caffe2_log_level) { FLAGS_caffe2_log_level = c10::GLOG_ERROR; }
  ~QuietLibTorch() { FLAGS_caffe2_log_level = level_before_; }
  QuietLibTorch(const QuietLibTorch&) = delete;
  QuietLibTorch& operator=(const QuietLibTorch&) = delete;

 private:
  int level_before_;
};

std::vector<ReferenceOutput> run(const std::filesystem::path& path, std::span<const ReferenceInput> inputs) {
  torch::nativert::ModelRunnerHandle program(path.string(), "model");
  std::vector<c10::IValue> arguments;
  for (const ReferenceInput& input : inputs) {
    arguments.emplace_back(at::tensor(at::ArrayRef<std::int64_t>(input.values)).view(input.shape));
  }
  const c10::IValue found = program.run(arguments, {});
  std::vector<ReferenceOutput> outputs;
  for (const auto& entry : found.toGenericDict()) {
    const at::Tensor values = entry.value().toTensor().contiguous();
    if (values.scalar_type() != at::kFloat) continue;
    const auto* const data = values.const_data_ptr<float>();
    outputs.push_back({entry.key().toStringRef(), values.sizes().vec(), {data, data + values.numel()}});
  }
  return outputs;
}

}  // namespace

std::vector<ReferenceOutput> run_torch_export(const std::filesystem::path& path,
                                              std::span<const ReferenceInput> inputs) {
  const QuietLibTorch quiet;
  try {
    return run(path, inputs);
  } catch (const c10::Error& error) {
    throw ModelError("LibTorch refuses {}: {}", path.string(), moved_in(error.what_without_backtrace()));
  } catch (const std::exception& error) {
    throw ModelError("LibTorch refuses {}: {}", path.string(), moved_in(error.what()));
  }
}

}  // namespace albert::interop
