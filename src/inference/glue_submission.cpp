#include "inference/glue_submission.h"

#include <algorithm>

#include "base/error.h"
#include "base/joint_move.h"
#include "base/log.h"
#include "base/made_folders.h"
#include "base/output.h"
#include "base/progress.h"
#include "base/temporary_entry.h"
#include "inference/open_model.h"
#include "inference/output_check.h"
#include "inference/scoring.h"

namespace albert::inference {

namespace {

/// What a model answers.
struct Answers {
  std::filesystem::path model;
  std::vector<tasks::GlueSubmission::File> files;
};

/// Opens every model once, and no two at a time: a wrong one is to be found before the first has predicted for hours.
std::vector<Answers> plan(tasks::GlueSubmission& submission, const std::vector<std::filesystem::path>& models,
                          const model::Compute& compute) {
  std::vector<Answers> answers;
  for (const std::filesystem::path& model : models) {
    answers.push_back({model, submission.plan(*open_task_model(model, compute).task)});
  }
  return answers;
}

void check_files(const std::vector<Answers>& planned, const GlueSubmissionOptions& options) {
  std::vector<std::filesystem::path> inputs;
  std::vector<std::filesystem::path> outputs;
  for (const Answers& answers : planned) {
    for (const tasks::GlueSubmission::File& file : answers.files) {
      inputs.push_back(file.test_file);
      outputs.push_back(file.predictions);
    }
  }
  check_outputs("--output", outputs, inputs, options.overwrite);
}

void predict(const TaskModelFolder& opened, tasks::ItemSet& items, std::int64_t batch_tokens) {
  Progress progress(opened.task->definition().config.name, items.num_items());
  const auto show = [&](std::size_t done, std::size_t) { progress.update(done, ""); };
  score_items(*opened.model, items, {.batch_tokens = batch_tokens, .progress = show});
}

std::vector<tasks::GlueSubmission::File> write_files(const tasks::GlueSubmission& submission,
                                                     const std::vector<Answers>& planned,
                                                     const GlueSubmissionOptions& options,
                                                     const model::Compute& compute) {
  std::vector<tasks::GlueSubmission::File> written;
  std::vector<fs::path> places;
  const TemporaryEntry folder(options.output / "submission", TemporaryEntry::Kind::kFolder);
  for (const auto& [model, files] : planned) {
    const TaskModelFolder opened = open_task_model(model, compute);
    std::vector<tasks::GlueSubmission::File> hidden = files;
    for (auto& file : hidden) file.predictions = folder.path() / file.predictions.filename();
    submission.write(*opened.task, hidden,
                     [&](tasks::ItemSet& items) { predict(opened, items, options.batch_tokens); });
    std::ranges::copy(files, std::back_inserter(written));
    for (const auto& file : files) places.push_back(file.predictions);
  }
  move_together(folder.path(), places, options.overwrite);
  return written;
}

}  // namespace

GlueSubmissionReport write_glue_submission(const GlueSubmissionOptions& options, const model::Compute& compute) {
  if (fs::exists(options.output) && !fs::is_directory(options.output)) {
    throw UsageError("--output {}: expected the name of a folder, found that of a file", options.output.string());
  }
  tasks::GlueSubmission submission(options.data, {options.output, options.overwrite});
  const std::vector<Answers> planned = plan(submission, options.models, compute);
  const MadeFolders made(options.output);
  try {
    check_files(planned, options);
    GlueSubmissionReport report;
    report.files = write_files(submission, planned, options, compute);
    report.others = submission.others();
    return report;
  } catch (...) {
    made.remove_empty();
    throw;
  }
}

}  // namespace albert::inference
