#include "interop/int8_check.h"

#include <algorithm>

#include <c10/core/GradMode.h>
#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/glob.h"
#include "base/log.h"
#include "inference/evaluate.h"
#include "interop/quantize.h"

namespace albert::interop {

namespace {

/// Gives a model the numbers that an int8 matrix stands for.
void round_weights(const torch::nn::Module& model, const OnnxModel& graph, int largest) {
  const at::NoGradGuard no_grad;
  const auto parameters = model.named_parameters();
  for (const OnnxTensor& constant : graph.constants) {
    if (constant.type != OnnxType::kInt8) continue;
    const at::Tensor& parameter = parameters[constant.name];
    const auto size = static_cast<std::size_t>(parameter.numel());
    const QuantizedRows rows =
        quantize_rows({parameter.sizes().vec(), {parameter.const_data_ptr<float>(), size}}, largest);
    const at::Tensor whole = at::tensor(at::ArrayRef<std::int8_t>(rows.values)).view_as(parameter).to(at::kFloat);
    parameter.copy_(whole * at::tensor(rows.scales).unsqueeze(1));
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
  const double before = metrics::find(float32, metric).value_or(0), after = metrics::find(int8, metric).value_or(0);
  const double points = std::max(before, after) > 1 ? 1 : 100;  // some official figures are of 100, the others of 1
  return points * (metrics::is_better_smaller(metric) ? after - before : before - after);
}

Int8Check check_int8(const SourceModel& source, const OnnxModel& graph, int largest,
                     const std::vector<fs::path>& data) {
  if (!source.task) {
    throw UsageError(
        "--data: what {} gives here are the numbers of no task, so there are no figures to compare; leave --data out",
        source.folder.path.string());
  }
  const auto open = [&](bool rounds) {
    model::Compute compute;
    compute.simulates_int8 = rounds;
    return inference::open_task_model(source.folder.weights, compute);
  };
  inference::TaskModelFolder opened = open(false);
  std::vector<fs::path> files;
  for (const fs::path& path : expand_patterns(data)) {
    std::ranges::copy(opened.task->find(path, tasks::Part::kDevelopment), std::back_inserter(files));
  }
  files = distinct(files);
  Int8Check check{names_of(files), opened.task->metric(), {}, {}};
  log_info("evaluating in float32 on {}", check.data);
  check.float32 = evaluate(opened, files);
  opened = open(true);
  round_weights(*opened.model, graph, largest);
  log_info("evaluating in int8");
  check.int8 = evaluate(opened, files);
  return check;
}

}  // namespace albert::interop
