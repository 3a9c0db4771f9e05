#include "inference/evaluate.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/counted.h"
#include "base/destination.h"
#include "base/error.h"
#include "base/glob.h"
#include "base/joint_move.h"
#include "base/json.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/temporary_entry.h"
#include "inference/output_check.h"
#include "inference/precision_choice.h"
#include "inference/scoring.h"
#include "metrics/correlation.h"
#include "tasks/common/unknown_tokens.h"

namespace albert::inference {

namespace {

/// What a file is called among those of an evaluation: by as little of its path as tells them apart.
std::string name_of(const fs::path& file, const std::vector<fs::path>& files) {
  const auto stem = [](const fs::path& path) { return path.stem(); };
  const auto name = [](const fs::path& path) { return path.filename(); };
  if (std::ranges::count(files, file.stem(), stem) == 1) return file.stem().string();
  return (std::ranges::count(files, file.filename(), name) == 1 ? file.filename() : file).string();
}

fs::path output_for(const EvaluateOptions& options, const fs::path& file, const std::vector<fs::path>& files) {
  if (options.output.empty() || files.size() == 1) return options.output;
  if (is_stream(options.output)) {
    throw UsageError("--output {}: expected the name of a file, as the predictions of {} go to one each",
                     options.output.string(), counted(files.size(), "file"));
  }
  fs::path output = options.output;
  std::string name = name_of(file, files);
  std::ranges::replace(name, '/', '_');
  return output.replace_filename(
      fmt::format("{}-{}{}", options.output.stem().string(), name, options.output.extension().string()));
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

/// A file that is to be evaluated.
struct OpenFile {
  fs::path file;
  std::unique_ptr<tasks::DataSet> data;
  fs::path output;       ///< of its predictions; empty: none
  fs::path hidden = {};  ///< where they are written first, to take their places together; empty: they go there at once
};

OpenFile open_file(const TaskModelFolder& opened, const fs::path& file, const fs::path& output, tasks::Part part,
                   tasks::Texts texts = tasks::Texts::kDropped) {
  auto data = opened.task->read(file, part, texts);
  log_info("{}: {}", file.string(), data->describe());
  tasks::warn_of_unknown_tokens(*data, *opened.tokenizer, file.string());
  warn_of_division(opened, file, *data, part);
  return {file, std::move(data), output};
}

/// The files that predictions are written to.
std::vector<fs::path> predictions_of(const std::vector<OpenFile>& files) {
  std::vector<fs::path> outputs;
  for (const OpenFile& open : files) {
    if (!open.output.empty()) std::ranges::move(open.data->prediction_files(open.output), std::back_inserter(outputs));
  }
  return outputs;
}

/// Whether files can be written elsewhere in their folder, and then moved to their places: they are no streams, and no
/// links lead to several folders.
bool can_be_moved(const std::vector<fs::path>& places) {
  const auto folder_of = [](const fs::path& place) { return destination_of(place).parent_path(); };
  return !places.empty() && std::ranges::none_of(places, is_stream) &&
         std::ranges::all_of(places, [&](const auto& place) { return folder_of(place) == folder_of(places.front()); });
}

/// Throws if predictions could not be written, or would replace what is read: the data, or a part of the model or of
/// its run.
/// \param folders of the model and its run
void check_predictions(const std::vector<OpenFile>& files, std::initializer_list<fs::path> folders, bool overwrite) {
  std::vector<fs::path> inputs;
  for (const fs::path& folder : folders) {
    if (!fs::is_directory(folder)) continue;
    for (const auto& entry : fs::directory_iterator(folder)) inputs.push_back(entry.path());
  }
  for (const OpenFile& open : files) inputs.push_back(open.file);
  check_outputs("--output", predictions_of(files), inputs, overwrite);
}

FileReport evaluate_file(const TaskModelFolder& opened, const OpenFile& open, std::int64_t batch_tokens) {
  const metrics::Mean loss = score(opened, *open.data, batch_tokens);
  FileReport report{open.file, open.data->num_examples(), std::nullopt, open.output};
  if (open.data->is_labelled()) {
    report.judgement = open.data->judge();
    if (const auto mean = loss.value()) {
      report.judgement->figures.insert(report.judgement->figures.begin(), {"loss", *mean});
    }
    std::ranges::move(tasks::calibration_figures(open.data->calibration(opened.task->definition())),
                      std::back_inserter(report.judgement->figures));
    metrics::leave_out_infinite(*report.judgement);
    report.guess = open.data->best_guess();
  }
  if (!open.output.empty()) open.data->write_predictions(open.hidden.empty() ? open.output : open.hidden);
  return report;
}

/// Throws before anything is computed if precisions could not be compared, or the figures not be noted.
void check_measurement(const TaskModelFolder& opened, const OpenFile& open) {
  check_outputs("--measure-precisions", {{measured_precisions_file(opened.path)}}, {}, /*overwrite=*/true);
  if (!open.data->is_labelled())
    throw DataError("{}: --measure-precisions compares figures, and the file has no labels", open.file.string());
}

void measure(const TaskModelFolder& opened, const FileReport& exact, const EvaluateOptions& options,
             model::Compute compute) {
  const std::string metric = opened.task->metric();
  const auto value = exact.judgement ? metrics::find(exact.judgement->figures, metric) : std::nullopt;
  if (!value) throw DataError("{}: there is no {} to compare precisions by", exact.file.string(), metric);
  const auto measured = measure_precisions(metric, *value, [&](model::Precision precision) {
    compute.precision = precision;
    const TaskModelFolder faster = open_task_model(opened.path, compute, options.settings);
    OpenFile open{exact.file, faster.task->read(exact.file, options.part), {}};
    return metrics::find(evaluate_file(faster, open, options.batch_tokens).judgement->figures, metric);
  });
  log_info("by precision: {}", measured.to_string());
  write_measured_precisions(opened.path, measured);
}

/// A figure by which the answers are better than any guess, whatever the one says that models are compared by.
std::optional<std::pair<std::string, double>> better_figure(const FileReport& report) {
  const metrics::Figures& figures = report.judgement->figures;
  // Of classes this one alone tells: it is 0 for any guess, and within two standard errors of 0 for answers by chance,
  // whose macro_f1 is above that of a guess.
  if (const auto matthews = metrics::find(figures, "matthews")) {
    const double by_chance = 2 / std::sqrt(static_cast<double>(report.num_examples));
    return *matthews > by_chance ? std::optional(std::pair("matthews", *matthews)) : std::nullopt;
  }
  // Figures of one side or one group (precision, has_answer_f1) are none of these: a guess gives them up for the whole.
  for (const char* name : {"accuracy", "micro_f1", "macro_f1", "f1", "exact_match"}) {
    const auto value = metrics::find(figures, name);
    const auto guessed = metrics::find(report.guess->best_of_each, name);
    if (value && guessed && *value > *guessed) return std::pair(name, *value);
  }
  return std::nullopt;
}

/// Whether a figure has no value because the same number was said of every example.
bool is_of_one_number(const metrics::Report& report, const std::string& figure) {
  return std::ranges::find(report.undefined, std::pair(figure, std::string(metrics::kOnePrediction))) !=
         report.undefined.end();
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
  if (!options.output.empty()) check_outputs("--output", {{options.output}}, {}, true);  // before a model is opened
  log_info("computing on {}; until its end a training evaluates in its own precision", compute.to_string());
  const TaskModelFolder opened = open_task_model(options.model, compute, options.settings);
  std::vector<fs::path> files;
  for (const fs::path& path : expand_patterns(options.data)) {
    std::ranges::copy(opened.task->find(path, options.part), std::back_inserter(files));
  }
  files = distinct(files);  // a folder may be named beside a file in it
  std::vector<OpenFile> open_files;
  for (const fs::path& file : files) {
    open_files.push_back(open_file(opened, file, output_for(options, file, files), options.part));
  }
  check_predictions(open_files, {opened.path, options.model}, options.overwrite);
  if (options.measures_precisions) check_measurement(opened, open_files.front());
  std::optional<TemporaryEntry> folder;  // so that all predictions take their places, or none
  const std::vector<fs::path> places = predictions_of(open_files);
  if (can_be_moved(places)) {
    folder.emplace(destination_of(places.front()), TemporaryEntry::Kind::kFolder);
    for (OpenFile& open : open_files) open.hidden = folder->path() / open.output.filename();
  }
  std::vector<FileReport> reports;
  for (OpenFile& open : open_files) {
    reports.push_back(evaluate_file(opened, open, options.batch_tokens));
    open.data.reset();
    warn_of_guess(*opened.task, reports.back());
    if (take) take(reports.back());
  }
  if (folder) move_together(folder->path(), places, options.overwrite);
  if (options.measures_precisions) {
    measure(opened, reports.front(), options, compute);
  } else if (const auto measured = read_measured_precisions(opened.path)) {
    log_info("the model was measured by precision: {}", measured->to_string());
  }
  return reports;
}

void warn_of_guess(const tasks::Task& task, const FileReport& report) {
  if (!report.judgement || !report.guess) return;
  const std::string metric = task.metric();
  const auto value = metrics::find(report.judgement->figures, metric);
  const double guessed = report.guess->value;
  const double perfect = task.is_in_percent(metric) ? 100 : 1;  // where a guess is, nothing can be better
  const bool says_one_number = !value && is_of_one_number(*report.judgement, metric);
  if ((!value && !says_one_number) || value.value_or(0) > guessed || guessed >= perfect) return;
  const std::string found =
      value ? fmt::format("{} {:.4f} is no better than the {:.4f} of always saying {}", metric, *value, guessed,
                          report.guess->guess)
            : fmt::format("there is no {}, since the model says the same number of every example", metric);
  if (const auto better = better_figure(report)) {
    const auto& [name, figure] = *better;
    const std::vector<std::string> figures = task.figures();
    const bool is_choice = std::ranges::find(figures, name) != figures.end();
    log_warning("{}: {}, but {} {:.4f} shows that it has learnt something{}", report.file.string(), found, name, figure,
                is_choice ? fmt::format("; task.metric={} compares models by that", name) : "");
    return;
  }
  log_warning(
      "{}: {}: nothing that the model has learnt shows in its answers; fine-tune it again with another "
      "optimizer.learning_rate (a small model needs a higher one), with more epochs (train.epochs), or on more data",
      report.file.string(), found);
}

FileReport evaluate_files(const TaskModelFolder& opened, const std::vector<fs::path>& files, tasks::Part part) {
  return evaluate_file(opened, {files.front(), opened.task->read(files, part), {}}, EvaluateOptions().batch_tokens);
}

ExaminedFile examine_file(const TaskModelFolder& opened, const fs::path& file, tasks::Part part) {
  OpenFile open = open_file(opened, file, {}, part, tasks::Texts::kKept);
  FileReport report = evaluate_file(opened, open, EvaluateOptions().batch_tokens);
  return {std::move(report), std::move(open.data)};
}

std::string to_json(const std::vector<FileReport>& reports) {
  if (reports.size() == 1) return dump_json(to_object(reports.front()), 2);
  std::vector<fs::path> files(reports.size());
  std::ranges::transform(reports, files.begin(), &FileReport::file);
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const FileReport& report : reports) object[name_of(report.file, files)] = to_object(report);
  return dump_json(object, 2);
}

}  // namespace albert::inference
