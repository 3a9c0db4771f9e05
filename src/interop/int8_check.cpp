#include "interop/int8_check.h"

#include <algorithm>
#include <cstring>

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/glob.h"
#include "base/log.h"
#include "inference/evaluate.h"
#include "interop/onnx_int8_graph.h"

namespace albert::interop {

namespace {

/// The numbers that an int8 matrix of a graph stands for, as the parameter that it is of has them: [rows, columns].
/// \param scales by row
at::Tensor decode(const OnnxTensor& matrix, const OnnxTensor& scales) {
  const auto numbers_of = [](const OnnxTensor& tensor, at::ScalarType type) {
    const at::Tensor numbers = at::empty(tensor.shape, type);
    std::memcpy(numbers.mutable_data_ptr(), tensor.bytes.data(), tensor.bytes.size());
    return numbers;
  };
  const at::Tensor values = numbers_of(matrix, at::kChar).to(at::kFloat);
  const at::Tensor factors = numbers_of(scales, at::kFloat);
  return factors.dim() == 1 ? values.t() * factors.unsqueeze(1) : values * factors;  // a matrix is turned, a table not
}

/// Gives a model the numbers that the int8 matrices of a graph stand for.
void take_weights(const torch::nn::Module& model, const OnnxModel& graph) {
  const at::NoGradGuard no_grad;
  const auto parameters = model.named_parameters();
  for (const OnnxTensor& constant : graph.constants) {
    if (constant.type != OnnxType::kInt8) continue;
    const auto scales = std::ranges::find(graph.constants, constant.name + kScaleSuffix, &OnnxTensor::name);
    if (scales == graph.constants.end()) throw InternalError("the graph has no scales of {}", constant.name);
    parameters[constant.name].copy_(decode(constant, *scales));
  }
}

/// What the files are called in a report: "SST-2/dev.tsv".
std::string names_of(const std::vector<fs::path>& files) {
  std::vector<std::string> names;
  for (const fs::path& file : files) {
    names.push_back((file.parent_path().filename() / file.filename()).string());
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

metrics::Figures evaluate(const inference::TaskModelFolder& opened, const std::vector<fs::path>& files) {
  const inference::FileReport report = inference::evaluate_files(opened, files, tasks::Part::kDevelopment);
  if (!report.judgement) {
    throw UsageError("--data {}: expected data with labels, to compare figures on; found none", files.front().string());
  }
  return report.judgement->figures;
}

}  // namespace

double Int8Check::loss() const {
  const auto before = metrics::find(float32, metric), after = metrics::find(int8, metric);
  if (before && after) return points * (*before - *after);
  throw ModelError(
      "--data: {} could not be computed {} on {}, so what int8 loses is not known; give data with more examples, or "
      "leave --data out",
      metric, before ? "in int8" : "in float32", data);
}

void require_task(const SourceModel& source) {
  if (source.task) return;
  throw UsageError(
      "--data: what {} gives here are the numbers of no task, so there are no figures to compare; leave --data out",
      source.folder.path.string());
}

Int8Check check_int8(const SourceModel& source, const OnnxModel& graph, const std::vector<fs::path>& data) {
  require_task(source);
  const auto open = [&](bool rounds) {
    model::Compute compute;
    compute.simulates_int8 = rounds;
    return inference::open_task_model(source.folder, compute);
  };
  inference::TaskModelFolder opened = open(false);
  std::vector<fs::path> files;
  for (const fs::path& path : expand_patterns(data)) {
    std::ranges::copy(opened.task->find(path, tasks::Part::kDevelopment), std::back_inserter(files));
  }
  files = distinct(files);
  const std::string metric = opened.task->metric();
  Int8Check check{names_of(files), metric, opened.task->is_in_percent(metric) ? 1.0 : 100.0, {}, {}};
  log_info("evaluating in float32 on {}", check.data);
  check.float32 = evaluate(opened, files);
  opened = open(true);
  take_weights(*opened.model, graph);
  log_info("evaluating in int8");
  check.int8 = evaluate(opened, files);
  return check;
}

}  // namespace albert::interop
