#include "report/evaluation_section.h"

#include <algorithm>
#include <iterator>
#include <variant>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/glob.h"
#include "base/log.h"
#include "inference/evaluate.h"
#include "inference/open_model.h"
#include "report/html.h"
#include "report/sections/parts.h"
#include "report/sections/sections.h"
#include "train/finetune_config.h"
#include "train/run.h"

namespace albert::report {

namespace {

/// Whether a file of several that training was given is one to evaluate on, as Task::settle() divides them.
bool is_for_development(const tasks::Task& task, const fs::path& path) {
  if (fs::is_directory(path)) return true;
  return task.divides(path) || tasks::named_part(path) == tasks::Part::kDevelopment;
}

std::vector<fs::path> development_files(const tasks::Task& task, const std::vector<fs::path>& data, bool is_given) {
  std::vector<fs::path> files;
  for (const fs::path& path : expand_patterns(data)) {
    if (!is_given && data.size() > 1 && !is_for_development(task, path)) continue;
    std::ranges::copy(task.find(path, tasks::Part::kDevelopment), std::back_inserter(files));
  }
  return distinct(files);
}

/// What a file shows.
std::string part_of_file(const inference::TaskModelFolder& opened, const fs::path& file,
                         const EvaluationOptions& options) {
  const inference::ExaminedFile examined = inference::examine_file(opened, file, tasks::Part::kDevelopment);
  std::string html = fmt::format("<h3>{}: {}</h3>\n", escaped(file.filename().string()),
                                 counted(examined.report.num_examples, "example"));
  if (!examined.report.judgement) return html + "<p>The file has no labels, so there is nothing to compare with.</p>\n";
  const EvaluationView view{opened, examined, options.num_explained};
  html += fmt::format("<div class=\"side\">\n{}{}</div>\n", figures_table(*examined.report.judgement),
                      detail_tables(*examined.report.judgement));
  return html + std::visit([&](const auto& findings) { return show(findings, view); }, examined.data->findings());
}

std::string evaluated(const RunData& run, const EvaluationOptions& options, const model::Compute& compute) {
  const bool is_given = !options.data.empty();
  const auto opened = inference::open_task_model(run.summary.path, compute);
  const std::vector<fs::path> data = is_given ? options.data : data_of_run(run.summary.path);
  std::string html = fmt::format("<p>The model of <code>{}</code>, as <code>albert evaluate</code> computes it.</p>\n",
                                 escaped(fs::weakly_canonical(opened.path).filename().string()));
  for (const fs::path& file : development_files(*opened.task, data, is_given)) {
    log_info("evaluating {} on {}", run.name, file.string());
    html += part_of_file(opened, file, options);
  }
  return html;
}

}  // namespace

std::vector<fs::path> data_of_run(const fs::path& run) {
  return train::read_finetune_config(run / train::kRunConfigFile, {}).values.data.paths();
}

std::optional<Section> evaluation_section(const RunData& run, const EvaluationOptions& options,
                                          const model::Compute& compute, std::size_t number) {
  if (run.summary.command != "finetune") return std::nullopt;
  Section section{fmt::format("evaluation-{}", number), "Predictions of " + run.name, ""};
  try {
    section.html = evaluated(run, options, compute);
  } catch (const Error& error) {  // a report of many runs has the others
    if (!options.data.empty()) throw;
    log_warning("{}: there is no evaluation in the report: {}", run.name, error.what());
    section.html = fmt::format(
        "<p class=\"bad\">It was not evaluated again: {}</p>\n<p>Name the data with <code>--data</code>.</p>\n",
        escaped_passage(error.what()));
  }
  return section;
}

}  // namespace albert::report
