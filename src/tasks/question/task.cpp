#include "tasks/question/task.h"

#include <algorithm>

#include "base/error.h"
#include "tasks/common/parts.h"
#include "tasks/question/data.h"
#include "tasks/question/reader.h"
#include "tasks/question/window.h"

namespace albert::tasks {

namespace {

/// What the files of a part are called, in the order in which they are looked for.
std::vector<std::string> names_of(Part part, const QuestionConfig& config) {
  const std::string_view usual = stems_of(part).front();
  const bool is_cmrc = config.scoring == AnswerScoring::kCmrc;
  std::vector<std::string> names = {is_cmrc ? fmt::format("cmrc2018_{}.json", usual)
                                            : fmt::format("{}-v{}.json", usual, config.no_answer ? "2.0" : "1.1")};
  for (const std::string_view stem : stems_of(part)) {
    for (const char* extension : {".json", ".jsonl", ".ndjson"}) names.push_back(fmt::format("{}{}", stem, extension));
  }
  return names;
}

/// What models can be compared by.
std::vector<std::string> metrics_of(const QuestionConfig& config) {
  if (!config.no_answer) return {"f1", "exact_match"};
  return {"best_f1",       "best_exact_match",       "f1",           "exact_match",
          "has_answer_f1", "has_answer_exact_match", "no_answer_f1", "no_answer_exact_match"};
}

}  // namespace

QuestionTask::QuestionTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer)
    : Task(std::move(definition)), tokenizer_(std::move(tokenizer)) {
  const TaskConfig& config = definition_.config;
  const std::vector<std::string> metrics = metrics_of(config.question);
  if (!config.metric.empty() && std::ranges::find(metrics, config.metric) == metrics.end()) {
    throw UsageError("task.metric: '{}' is no figure of this task; expected one of {}", config.metric,
                     fmt::join(metrics, ", "));
  }
  if (config.max_sequence_length <= config.question.max_question_length + 3) {
    throw UsageError(
        "task.max_sequence_length: {} tokens leave no room for a context beside {} of a question "
        "(task.question.max_question_length) and 3 special ones",
        config.max_sequence_length, config.question.max_question_length);
  }
}

std::vector<std::filesystem::path> QuestionTask::files_in(const std::filesystem::path& folder, Part part) const {
  for (const std::string& name : names_of(part, definition_.config.question)) {
    if (std::filesystem::exists(folder / name)) return {folder / name};
  }
  return {};
}

std::string QuestionTask::expected_files(Part part) const {
  return fmt::format("one of the files {}", fmt::join(names_of(part, definition_.config.question), ", "));
}

model::HeadConfig QuestionTask::head() const {
  const QuestionConfig& config = definition_.config.question;
  return {.kind = config.joint_head ? model::HeadKind::kJointQuestionAnswering : model::HeadKind::kQuestionAnswering,
          .num_starts = config.num_starts};
}

std::string QuestionTask::metric() const {
  const TaskConfig& config = definition_.config;
  return config.metric.empty() ? metrics_of(config.question).front() : config.metric;
}

std::unique_ptr<DataSet> QuestionTask::load(const Source& source) const {
  const TaskConfig& config = definition_.config;
  Questions content = read_questions(source.file, config.question.misplaced_answers);
  const std::size_t num_of_other_part = keep_share(
      content.questions, source, [&](const Question& question) { return content.contexts[question.context]; });
  return std::make_unique<QuestionData>(std::move(content), source, config, tokenizer_, num_of_other_part);
}

std::unique_ptr<RecordWindow> QuestionTask::open_window(RecordFormat format, std::string_view header,
                                                        std::string& out_header) const {
  return std::make_unique<QuestionWindow>(format, header, definition_.config, tokenizer_, out_header);
}

std::string QuestionTask::length_limit() const {
  return fmt::format("the {} tokens of a question that the model reads (task.question.max_question_length)",
                     definition_.config.question.max_question_length);
}

TaskDefinition QuestionTask::settled(const Judgement& judgement) const {
  TaskDefinition settled = definition_;
  if (const auto threshold = metrics::find(judgement.figures, "best_f1_threshold")) {
    settled.config.question.null_threshold = *threshold;
  }
  return settled;
}

}  // namespace albert::tasks
