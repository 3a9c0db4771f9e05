#include "tasks/text/glue_submission.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/error.h"
#include "base/file.h"
#include "tasks/text/files.h"
#include "tasks/text/task.h"

namespace albert::tasks {

namespace {

GlueTask glue_task(const Task& task) {
  const TaskConfig& config = task.definition().config;
  const bool is_text = &config.type() == &text_type();
  const std::optional<GlueTask> found = is_text ? config.as<TextSettings>().glue : std::nullopt;
  if (!found) throw ModelError("the model was fine-tuned on '{}', which is no task of GLUE", config.name);
  return *found;
}

bool includes_diagnostic(const std::vector<fs::path>& files) {
  return std::ranges::any_of(files, [](const fs::path& file) { return file.stem() == "diagnostic"; });
}

/// The name that GLUE's leaderboard wants for the predictions of a test file: "CoLA.tsv", "MNLI-mm.tsv", "AX.tsv".
/// \param test_file test.tsv, test_matched.tsv, diagnostic.tsv ...
std::string submission_name(GlueTask task, const fs::path& test_file) {
  const std::string stem = test_file.stem().string();
  if (task == GlueTask::kAx || stem.starts_with("diagnostic")) return "AX.tsv";
  std::string name(glue_info(task).folder);
  if (task == GlueTask::kMnli) name += stem.find("mismatched") != std::string::npos ? "-mm" : "-m";
  return name + ".tsv";
}

/// All files of a submission.
std::vector<std::string> submission_names() {
  std::vector<std::string> names;
  for (const GlueInfo& info : all_glue_tasks()) {
    for (const std::string& stem : info.test_files) {
      const std::string name = submission_name(info.task, stem + ".tsv");
      if (std::ranges::count(names, name) == 0) names.push_back(name);
    }
  }
  return names;
}

}  // namespace

/// A model of MNLI answers the diagnostic set too, which lies in a folder of its own.
std::vector<fs::path> GlueSubmission::test_files(const Task& task) const {
  const GlueInfo& info = glue_info(glue_task(task));
  std::vector<fs::path> files = list_glue_files(data_, info, info.test_files);
  if (info.task == GlueTask::kMnli && !includes_diagnostic(files)) {
    const GlueInfo& ax = glue_info(GlueTask::kAx);
    std::ranges::copy(list_glue_files(data_, ax, ax.test_files), std::back_inserter(files));
  }
  return files.empty() ? find_glue_files(data_, info, info.test_files) : files;
}

std::vector<GlueSubmission::File> GlueSubmission::plan(const Task& task) {
  std::vector<File> files;
  const std::vector<fs::path> found = test_files(task);  // refuses a task of another kind
  const TextFiles reader(task.definition().config.as<TextSettings>());
  for (const fs::path& test_file : found) {
    const std::string name = submission_name(glue_task(task), test_file);
    if (std::ranges::count(planned_, name) > 0) {
      throw UsageError("--model: {} is written by another model; name one model for each task",
                       (output_.path / name).string());
    }
    check_output_file({output_.path / name, output_.overwrite});
    const std::size_t num_examples = reader.read_whole(test_file, /*need_labels=*/false).records.size();
    planned_.push_back(name);
    files.push_back({output_.path / name, test_file, num_examples});
  }
  return files;
}

void GlueSubmission::write(const Task& task, const std::vector<File>& files,
                           const std::function<void(ItemSet&)>& score) const {
  for (const File& file : files) {
    const auto data = task.read(file.test_file, Part::kTest);
    score(*data);
    data->write_predictions(file.predictions);
  }
}

GlueSubmission::Others GlueSubmission::others() const {
  Others others;
  for (const std::string& name : submission_names()) {
    if (std::ranges::count(planned_, name) > 0) continue;
    (fs::exists(output_.path / name) ? others.kept : others.missing).push_back(name);
  }
  return others;
}

}  // namespace albert::tasks
