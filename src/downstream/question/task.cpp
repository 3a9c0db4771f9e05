#include "downstream/question/task.h"

#include <algorithm>

#include "base/error.h"
#include "datasets/question/lines.h"
#include "datasets/question/squad.h"
#include "downstream/question/data.h"
#include "downstream/question/window.h"

namespace albert::downstream {

namespace {

/// What the files of a part are called, in the order in which they are looked for.
std::vector<std::string> names_of(Part part, const QuestionConfig& config) {
  const std::string name = part == Part::kTrain ? "train" : part == Part::kDevelopment ? "dev" : "test";
  std::vector<std::string> names;
  if (config.scoring == AnswerScoring::kCmrc) {
    names.push_back("cmrc2018_" + name + ".json");
  } else {
    names.push_back(name + (config.no_answer ? "-v2.0.json" : "-v1.1.json"));
  }
  names.push_back(name + ".json");
  names.push_back(name + ".jsonl");
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
    : Downstream(std::move(definition)), tokenizer_(std::move(tokenizer)) {
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

std::vector<std::filesystem::path> QuestionTask::find(const std::filesystem::path& path, Part part) const {
  if (std::filesystem::is_regular_file(path)) return {path};
  if (!std::filesystem::is_directory(path)) throw DataError("{}: there is no such file or folder", path.string());
  const std::vector<std::string> names = names_of(part, definition_.config.question);
  for (const std::string& name : names) {
    if (std::filesystem::exists(path / name)) return {path / name};
  }
  throw DataError("{}: expected one of the files {}, found none", path.string(), fmt::join(names, ", "));
}

void QuestionTask::settle_labels(const std::vector<std::filesystem::path>& /*training_files*/) {}

model::HeadConfig QuestionTask::head() const {
  const QuestionConfig& config = definition_.config.question;
  return {.kind = config.joint_head ? model::HeadKind::kJointQuestionAnswering : model::HeadKind::kQuestionAnswering,
          .num_starts = config.num_starts};
}

std::string QuestionTask::metric() const {
  const TaskConfig& config = definition_.config;
  return config.metric.empty() ? metrics_of(config.question).front() : config.metric;
}

std::unique_ptr<DataSet> QuestionTask::read(const std::filesystem::path& file, Part part) const {
  const TaskConfig& config = definition_.config;
  const bool is_lines = file.extension() == ".jsonl";
  datasets::Questions questions = is_lines ? datasets::read_question_lines(file, config.question.misplaced_answers)
                                           : datasets::read_squad(file, config.question.misplaced_answers);
  return std::make_unique<QuestionData>(std::move(questions), file, part, config, tokenizer_);
}

std::unique_ptr<RecordWindow> QuestionTask::open_window(RecordFormat format, std::string_view header,
                                                        std::string& out_header) const {
  return std::make_unique<QuestionWindow>(format, header, definition_.config, tokenizer_, out_header);
}

TaskDefinition QuestionTask::settled(const Judgement& judgement) const {
  TaskDefinition settled = definition_;
  if (const auto threshold = metrics::find(judgement.figures, "best_f1_threshold")) {
    settled.config.question.null_threshold = *threshold;
  }
  return settled;
}

}  // namespace albert::downstream
