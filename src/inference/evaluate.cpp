#include "inference/evaluate.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/log.h"
#include "base/progress.h"
#include "inference/open_model.h"
#include "tasks/scoring.h"

namespace albert::inference {

namespace {

namespace fs = std::filesystem;

fs::path output_for(const EvaluateOptions& options, const fs::path& file, std::size_t num_files) {
  if (options.output.empty() || num_files == 1) return options.output;
  fs::path output = options.output;
  return output.replace_filename(fmt::format("{}-{}{}", options.output.stem().string(), file.stem().string(),
                                             options.output.extension().string()));
}

metrics::Mean score(const TaskModelFolder& opened, downstream::DataSet& data, const model::Compute& compute,
                    std::int64_t batch_tokens) {
  Progress progress("evaluating", data.num_items());
  return tasks::score_items(*opened.model, data,
                            {.device = compute.device,
                             .precision = compute.precision,
                             .batch_tokens = batch_tokens,
                             .progress = [&](std::size_t done, std::size_t) { progress.update(done, ""); }});
}

FileReport evaluate_file(const TaskModelFolder& opened, const fs::path& file, const fs::path& output,
                         const EvaluateOptions& options, const model::Compute& compute) {
  const auto data = opened.downstream->read(file, options.part);
  log_info("{}: {}", file.string(), data->describe());
  const metrics::Mean loss = score(opened, *data, compute, options.batch_tokens);
  FileReport report{file, data->num_examples(), std::nullopt, output};
  if (data->is_labelled()) {
    report.judgement = data->judge();
    if (const auto mean = loss.value()) {
      report.judgement->figures.insert(report.judgement->figures.begin(), {"loss", *mean});
    }
  }
  if (!output.empty()) data->write_predictions(output);
  return report;
}

nlohmann::ordered_json to_object(const FileReport& report) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  object["examples"] = report.num_examples;
  if (!report.judgement) return object;
  object.update(nlohmann::ordered_json::parse(metrics::to_json(*report.judgement)));
  return object;
}

}  // namespace

std::vector<FileReport> evaluate(EvaluateOptions options) {
  const model::Compute compute = model::set_up_compute(options.compute);
  const TaskModelFolder opened = open_task_model(options.model, options.settings);
  opened.model->to(compute.device);
  const std::vector<fs::path> files = opened.downstream->find(options.data, options.part);
  std::vector<FileReport> reports;
  reports.reserve(files.size());
  for (const fs::path& file : files) {
    reports.push_back(evaluate_file(opened, file, output_for(options, file, files.size()), options, compute));
  }
  return reports;
}

std::string to_json(const std::vector<FileReport>& reports) {
  if (reports.size() == 1) return to_object(reports.front()).dump(2);
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const FileReport& report : reports) object[report.file.stem().string()] = to_object(report);
  return object.dump(2);
}

}  // namespace albert::inference
