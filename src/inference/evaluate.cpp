#include "inference/evaluate.h"

#include <algorithm>
#include <iterator>

#include <nlohmann/json.hpp>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "base/progress.h"
#include "inference/open_model.h"
#include "inference/scoring.h"
#include "tasks/common/unknown_tokens.h"

namespace albert::inference {

namespace {

namespace fs = std::filesystem;

/// What a file is called among those of an evaluation: without its extension where that tells them apart.
std::string name_of(const fs::path& file, const std::vector<fs::path>& files) {
  const auto num_alike = std::ranges::count(files, file.stem(), [](const fs::path& other) { return other.stem(); });
  return (num_alike > 1 ? file.filename() : file.stem()).string();
}

fs::path output_for(const EvaluateOptions& options, const fs::path& file, const std::vector<fs::path>& files) {
  if (options.output.empty() || files.size() == 1) return options.output;
  fs::path output = options.output;
  return output.replace_filename(fmt::format("{}-{}{}", options.output.stem().string(), name_of(file, files),
                                             options.output.extension().string()));
}

void check_output(const fs::path& output) {
  if (output.empty()) return;
  if (fs::is_directory(output)) {
    throw UsageError("--output {}: expected the name of a file, found that of a folder", output.string());
  }
  const fs::path folder = fs::absolute(output).parent_path();
  if (fs::is_directory(folder)) return;
  throw UsageError("--output {}: there is no folder {}; make it first", output.string(), folder.string());
}

/// The file of predictions of each file.
/// Throws if one would take the place of what is read.
std::vector<fs::path> outputs_for(const EvaluateOptions& options, const std::vector<fs::path>& files) {
  std::vector<fs::path> outputs;
  for (const fs::path& file : files) outputs.push_back(output_for(options, file, files));
  for (const fs::path& output : outputs) {
    const auto overwritten = std::ranges::find_if(files, [&](const fs::path& file) {
      std::error_code is_absent;  // set for a file that is not there yet
      return fs::equivalent(output, file, is_absent);
    });
    if (overwritten == files.end()) continue;
    throw UsageError("--output {}: is the data file {} itself, which the predictions would replace; give another name",
                     output.string(), overwritten->string());
  }
  return outputs;
}

/// Says how much of a file that was divided for training is evaluated.
void warn_of_division(const TaskModelFolder& opened, const fs::path& file, const tasks::DataSet& data,
                      tasks::Part part) {
  if (part == tasks::Part::kTest || !opened.task->divides(file)) return;
  log_warning(
      "{}: only {} of it, {} when a file of this name was divided for training, {} evaluated; --part test reads all "
      "of it",
      file.string(), counted(data.num_examples(), "example"), part == tasks::Part::kTrain ? "learnt from" : "held out",
      data.num_examples() == 1 ? "is" : "are");
}

metrics::Mean score(const TaskModelFolder& opened, tasks::DataSet& data, std::int64_t batch_tokens) {
  Progress progress("evaluating", data.num_items());
  const auto show = [&](std::size_t done, std::size_t) { progress.update(done, ""); };
  return score_items(*opened.model, data, {.batch_tokens = batch_tokens, .progress = show});
}

FileReport evaluate_file(const TaskModelFolder& opened, const fs::path& file, const fs::path& output,
                         const EvaluateOptions& options) {
  const auto data = opened.task->read(file, options.part);
  log_info("{}: {}", file.string(), data->describe());
  tasks::warn_of_unknown_tokens(*data, *opened.tokenizer, file.string());
  warn_of_division(opened, file, *data, options.part);
  const metrics::Mean loss = score(opened, *data, options.batch_tokens);
  FileReport report{file, data->num_examples(), std::nullopt, output};
  if (data->is_labelled()) {
    report.judgement = data->judge();
    if (const auto mean = loss.value()) {
      report.judgement->figures.insert(report.judgement->figures.begin(), {"loss", *mean});
    }
    std::ranges::move(data->calibration(opened.task->definition()), std::back_inserter(report.judgement->figures));
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

std::vector<FileReport> evaluate(const EvaluateOptions& options, const model::Compute& compute,
                                 const std::function<void(const FileReport&)>& take) {
  check_output(options.output);
  const TaskModelFolder opened = open_task_model(options.model, compute, options.settings);
  const std::vector<fs::path> files = opened.task->find(options.data, options.part);
  const std::vector<fs::path> outputs = outputs_for(options, files);
  std::vector<FileReport> reports;
  reports.reserve(files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    reports.push_back(evaluate_file(opened, files[i], outputs[i], options));
    if (take) take(reports.back());
  }
  return reports;
}

std::string to_json(const std::vector<FileReport>& reports) {
  if (reports.size() == 1) return to_object(reports.front()).dump(2);
  std::vector<fs::path> files(reports.size());
  std::ranges::transform(reports, files.begin(), &FileReport::file);
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const FileReport& report : reports) object[name_of(report.file, files)] = to_object(report);
  return object.dump(2);
}

}  // namespace albert::inference
