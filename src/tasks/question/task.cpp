#include "tasks/question/task.h"

#include <algorithm>

#include <spdlog/fmt/ranges.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "tasks/definition_json.h"
#include "tasks/kind.h"
#include "tasks/question/answers.h"
#include "tasks/question/encoder.h"
#include "tasks/question/findings.h"
#include "tasks/question/readers.h"
#include "tasks/question/settings.h"

namespace albert::tasks {

namespace {

// What examples/pytorch/question-answering/run_qa.py of Transformers has.
constexpr std::int64_t kInferredSequenceLength = 384;
constexpr std::int64_t kInferredQuestionLength = 64;

struct QuestionTypes {
  using File = QuestionFile;
  using Record = Question;
  using Encoder = QuestionEncoder;
  using Answer = QuestionAnswer;
};

/// What the files of a part are called, in the order in which they are looked for.
std::vector<std::string> names_of(Part part, const QuestionSettings& settings) {
  const std::string_view usual = stems_of(part).front();
  const bool is_cmrc = settings.scoring == AnswerScoring::kCmrc;
  std::vector<std::string> names = {is_cmrc ? fmt::format("cmrc2018_{}.json", usual)
                                            : fmt::format("{}-v{}.json", usual, settings.no_answer ? "2.0" : "1.1")};
  for (const std::string_view stem : stems_of(part)) {
    for (const char* extension : {".json", ".jsonl", ".ndjson"}) names.push_back(fmt::format("{}{}", stem, extension));
  }
  return names;
}

/// Throws DataError if a file to learn from, or to judge by, says too little or what the task does not have.
void check_labels(const QuestionFile& file, const Source& source, bool no_answer) {
  if (source.part == Part::kTest) return;
  for (const Question& question : file.records) {
    const Place place{.file = source.file.string(), .id = "question " + question.id};
    if (source.part == Part::kTrain && !question.is_labelled) {
      throw DataError("{}: expected 'answers' in a training file, or is_impossible: true, found neither",
                      place.to_string());
    }
    if (question.is_labelled && !question.is_known(no_answer)) {
      throw DataError(
          "{}: the question has no answer, but the task's questions have one; correct the file, or for questions "
          "without an answer set task.question.no_answer: true",
          place.to_string());
    }
  }
}

class QuestionTask final : public Kind<QuestionTypes> {
 public:
  /// Throws UsageError if a sequence has no room for a context beside the longest question.
  QuestionTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer)
      : Kind(std::move(definition), std::move(tokenizer)) {
    if (max_length() > settings().max_question_length + 3) return;
    throw UsageError(
        "task.max_sequence_length: {} tokens leave no room for a context beside {} of a question "
        "(task.question.max_question_length) and 3 special ones",
        max_length(), settings().max_question_length);
  }

  model::HeadConfig head() const override {
    const bool is_joint = settings().joint_head;
    return {.kind = is_joint ? model::HeadKind::kJointQuestionAnswering : model::HeadKind::kQuestionAnswering,
            .num_starts = settings().num_starts};
  }
  std::vector<std::string> figures() const override {
    if (!settings().no_answer) return {"f1", "exact_match"};
    return {"best_f1",       "best_exact_match",       "f1",           "exact_match",
            "has_answer_f1", "has_answer_exact_match", "no_answer_f1", "no_answer_exact_match"};
  }
  bool is_in_percent(std::string_view /*figure*/) const override { return true; }
  std::string length_limit() const override {
    return fmt::format("the {} tokens of a question that the model reads (task.question.max_question_length)",
                       settings().max_question_length);
  }
  /// The threshold above which a question has no answer is always found on development data.
  std::optional<TaskDefinition> fitted(const QuestionFile& file, std::span<const QuestionAnswer> answers,
                                       std::span<const ScoredItem> /*scored*/) const override {
    if (!settings().no_answer) return std::nullopt;
    const auto threshold = metrics::find(judge(file, answers).figures, "best_f1_threshold");
    if (!threshold) return std::nullopt;
    TaskDefinition fitted = definition_;
    fitted.config.as<QuestionSettings>().null_threshold = *threshold;
    return fitted;
  }

  QuestionFile read_records(const Source& source) const override {
    QuestionFile file = read_questions(source.file, settings().misplaced_answers);
    check_labels(file, source, settings().no_answer);
    return file;
  }
  bool is_labelled(const QuestionFile& file) const override {
    const auto is_known = [&](const Question& question) { return question.is_known(settings().no_answer); };
    return file.is_labelled() && std::ranges::all_of(file.records, is_known);
  }
  std::string content_of(const Question& question) const override { return *question.context; }
  QuestionEncoder make_encoder() const override { return {*tokenizer_, settings(), max_length()}; }
  std::string describe(const QuestionFile& file, const QuestionEncoder& encoder,
                       const SetCounts& counts) const override;

  QuestionAnswer answer(std::span<const model::Item> items, const QuestionTrace& trace,
                        RecordScores scores) const override {
    return answer_question(settings(), items, trace, scores);
  }
  metrics::Report judge(const QuestionFile& file, std::span<const QuestionAnswer> answers) const override {
    return judge_questions(settings(), file, answers);
  }

  std::vector<ConstantGuess<QuestionAnswer>> constant_guesses(const QuestionFile& file) const override {
    return guess_no_answer(file);
  }

  Findings findings(const QuestionFile& file, std::span<const QuestionAnswer> answers,
                    std::span<const ScoredItem> /*scored*/) const override {
    return find_in_questions(settings(), file, answers);
  }

  std::vector<fs::path> written_files(const fs::path& path) const override { return question_files(settings(), path); }
  void write(const QuestionFile& file, std::span<const QuestionAnswer> answers, const fs::path& path) const override {
    write_question_answers(settings(), file, answers, path);
  }
  QuestionFile read_gold(const ScoreFiles& files) override { return read_question_gold(settings(), files); }
  std::vector<QuestionAnswer> read_answers(const QuestionFile& gold, const ScoreFiles& files) override {
    return read_question_answers(settings(), gold, files);
  }

  StreamReader<Question> open_stream(RecordFormat format, std::string_view header) const override {
    StreamReader<Question> reader = open_question_stream(format, header);
    if (format != RecordFormat::kJsonl) return reader;
    if (settings().no_answer) reader.answer_names.emplace_back("null_odds");
    if (settings().show_n_best) reader.answer_names.emplace_back("n_best");
    return reader;
  }
  nlohmann::ordered_json to_json(const Question& /*question*/, const QuestionAnswer& answer) const override {
    return question_json(settings(), answer);
  }
  std::string to_columns(const Question& /*question*/, const QuestionAnswer& answer) const override {
    return question_columns(answer);
  }

 private:
  const QuestionSettings& settings() const { return definition_.config.as<QuestionSettings>(); }

  std::vector<fs::path> files_in(const fs::path& folder, Part part) const override {
    for (const std::string& name : names_of(part, settings())) {
      if (fs::exists(folder / name)) return {folder / name};
    }
    return {};
  }
  std::string expected_files(Part part) const override {
    return fmt::format("one of the files {}", fmt::join(names_of(part, settings()), ", "));
  }
};

std::string QuestionTask::describe(const QuestionFile& file, const QuestionEncoder& encoder,
                                   const SetCounts& counts) const {
  std::string text =
      fmt::format("{} about {}; {} of up to {} tokens", counted(file.records.size(), "question"),
                  counted(encoder.num_contexts(), "context"), counted(counts.num_items, "window"), max_length());
  text += describe_share(counts.num_of_other_part);
  const auto count = [&](auto&& is_such) { return std::ranges::count_if(file.records, is_such); };
  if (const auto unknown = count([](const auto& question) { return !question.is_labelled; }); unknown > 0) {
    text += fmt::format("; {} not labelled", counted(unknown, "question"));
  }
  if (settings().no_answer) {
    const auto none = count([](const auto& question) { return question.is_labelled && question.answers.empty(); });
    text += fmt::format("; {} without an answer", counted(none, "question"));
  }
  if (encoder.num_truncated() > 0) {
    text += fmt::format("; {} cut to {} tokens", counted(encoder.num_truncated(), "question"),
                        settings().max_question_length);
  }
  if (file.misplaced.total > 0) {
    text += fmt::format("; {} misplaced in the context{}", counted(file.misplaced.total, "answer"),
                        file.misplaced.reasons());
  }
  if (counts.num_unusable > 0)
    text += fmt::format("; {} left out, without an answer to learn", counted(counts.num_unusable, "question"));
  return text;
}

void infer(const nlohmann::json& /*config*/, std::string_view /*source*/, StoredDefinition& stored) {
  TaskConfig& config = stored.definition.config;
  auto& settings = config.as<QuestionSettings>();
  config.max_sequence_length = std::min(config.max_sequence_length, kInferredSequenceLength);
  settings.max_question_length = std::min(kInferredQuestionLength, config.max_sequence_length / 4);
  settings.stride = std::min(settings.stride, config.max_sequence_length / 4);
  stored.assumed.emplace_back("every question has an answer (task.question.no_answer)");
  stored.assumed.push_back(
      fmt::format("windows of {} tokens a step of {} apart, questions of at most {} "
                  "(task.max_sequence_length, task.question.stride, .max_question_length)",
                  config.max_sequence_length, settings.stride, settings.max_question_length));
}

}  // namespace

const TaskType& question_type() {
  static const TaskType kType{.name = "question",
                              .group = "question",
                              .group_help = "questions with contexts",
                              .asked = "an answer in a text",
                              .model = "that answers questions from a text",
                              .make_settings = make_settings<QuestionSettings>,
                              .open = open_task<QuestionTask>,
                              .transformers_class = "AlbertForQuestionAnswering",
                              .infer = infer};
  return kType;
}

}  // namespace albert::tasks
