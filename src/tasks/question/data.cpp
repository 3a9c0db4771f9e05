#include "tasks/question/data.h"

#include <algorithm>

#include "base/counted.h"
#include "base/error.h"
#include "metrics/question_answering.h"
#include "tasks/common/parts.h"
#include "tasks/question/squad_predictions.h"

namespace albert::tasks {

namespace {

bool is_known(const Question& question, const QuestionConfig& config) {
  return question.is_labelled && (config.no_answer || !question.answers.empty());
}

bool all_known(const std::vector<Question>& questions, const QuestionConfig& config) {
  return !questions.empty() &&
         std::all_of(questions.begin(), questions.end(), [&](const Question& q) { return is_known(q, config); });
}

metrics::AnswerScore score(std::string_view answer, const std::vector<std::string>& gold,
                           const QuestionConfig& config) {
  if (config.scoring == AnswerScoring::kCmrc) return metrics::cmrc_score(answer, gold);
  return config.no_answer ? metrics::squad2_score(answer, gold) : metrics::squad1_score(answer, gold);
}

std::vector<std::string> texts_of(const std::vector<GoldAnswer>& answers) {
  std::vector<std::string> texts(answers.size());
  std::ranges::transform(answers, texts.begin(), &GoldAnswer::text);
  return texts;
}

/// A threshold under which no question gets an answer.
double threshold_below(const std::vector<metrics::NullOdds>& odds) {
  return odds.empty() ? 0 : std::ranges::min(odds, {}, &metrics::NullOdds::odds).odds - 1;
}

}  // namespace

QuestionData::QuestionData(Questions questions, const Source& source, const TaskConfig& config,
                           std::shared_ptr<const text::Tokenizer> tokenizer, std::size_t num_of_other_part)
    : config_(config.question),
      max_length_(config.max_sequence_length),
      is_labelled_(all_known(questions.questions, config_)),
      num_misplaced_(questions.num_misplaced),
      num_of_other_part_(num_of_other_part),
      questions_(std::move(questions.questions)),
      set_(std::move(tokenizer), config_, max_length_) {
  check_labels(source);
  std::vector<std::optional<std::size_t>> numbers(questions.contexts.size());
  std::erase_if(questions_, [&](const Question& question) {
    std::optional<std::size_t>& number = numbers[question.context];
    if (!number) number = set_.add_context(std::move(questions.contexts[question.context]));
    return !add_to_set(question, *number, source.part);
  });
}

void QuestionData::check_labels(const Source& source) const {
  if (source.part == Part::kTest) return;
  for (const Question& question : questions_) {
    const Place place{.file = source.file.string(), .id = "question " + question.id};
    if (source.part == Part::kTrain && !question.is_labelled) {
      throw DataError("{}: expected 'answers' in a training file, found none", place.to_string());
    }
    if (question.is_labelled && !is_known(question, config_)) {
      throw DataError(
          "{}: the question has no answer, but the task's questions have one; correct the file, or for questions "
          "without an answer set task.question.no_answer: true",
          place.to_string());
    }
  }
}

bool QuestionData::add_to_set(const Question& question, std::size_t context, Part part) {
  // The joint head scores the ends of labelled items given the right start: good for a loss, not for an answer.
  const bool wants_labels = part == Part::kTrain || (is_known(question, config_) && !config_.joint_head);
  if (wants_labels && set_.add_question(question.text, context, &question.answers)) return true;
  if (part != Part::kTrain) return set_.add_question(question.text, context);
  ++num_left_out_;
  return false;
}

std::string QuestionData::describe() const {
  std::string text =
      fmt::format("{} about {}; {} of up to {} tokens", counted(questions_.size(), "question"),
                  counted(set_.num_contexts(), "context"), counted(set_.num_items(), "window"), max_length_);
  text += describe_share(num_of_other_part_);
  const auto count = [this](auto&& is_such) { return std::ranges::count_if(questions_, is_such); };
  if (const auto unknown = count([](const auto& question) { return !question.is_labelled; }); unknown > 0) {
    text += fmt::format("; {} not labelled", counted(unknown, "question"));
  }
  if (config_.no_answer) {
    const auto none = count([](const auto& question) { return question.is_labelled && question.answers.empty(); });
    text += fmt::format("; {} without an answer", counted(none, "question"));
  }
  if (set_.num_cut_questions() > 0) {
    text += fmt::format("; {} cut to {} tokens", counted(set_.num_cut_questions(), "question"),
                        config_.max_question_length);
  }
  if (num_misplaced_ > 0) text += fmt::format("; {} misplaced in the context", counted(num_misplaced_, "answer"));
  if (num_left_out_ > 0) text += fmt::format("; {} left out for that", counted(num_left_out_, "question"));
  return text;
}

Judgement QuestionData::judge() const {
  std::vector<metrics::JudgedQuestion> judged;
  std::vector<metrics::NullOdds> odds;
  for (std::size_t i = 0; i < questions_.size(); ++i) {
    const std::optional<AnswerSpan> best = set_.ranking(i).best();
    const std::string_view text = best ? best->text(set_.context_of(i)) : std::string_view();
    const std::vector<std::string> gold = texts_of(questions_[i].answers);
    judged.push_back({.score = score(text, gold, config_), .has_answer = !gold.empty(), .answered = !text.empty()});
    odds.push_back({.question = i, .odds = set_.null_odds(i)});
  }
  if (!config_.no_answer) return metrics::judge_answers(judged);
  return metrics::judge_answers_or_none(judged, odds,
                                        {.threshold = config_.null_threshold, .answer_nothing = threshold_below(odds)});
}

PredictedAnswer QuestionData::predicted(std::size_t question) const {
  const std::string& context = set_.context_of(question);
  PredictedAnswer result{.id = questions_[question].id,
                         .text = std::string(set_.answer(question).span.text(context)),
                         .null_odds = set_.null_odds(question),
                         .n_best = {}};
  for (const RankedAnswer& answer : set_.n_best(question)) {
    result.n_best.push_back({.text = std::string(answer.span.text(context)),
                             .probability = answer.probability,
                             .start_score = answer.span.start_score,
                             .end_score = answer.span.end_score});
  }
  return result;
}

void QuestionData::write_predictions(const std::filesystem::path& file) const {
  std::vector<PredictedAnswer> answers;
  answers.reserve(questions_.size());
  for (std::size_t i = 0; i < questions_.size(); ++i) answers.push_back(predicted(i));
  const auto named = [&file](const char* ending) {
    std::filesystem::path name = file;
    if (name.extension() == ".json") name.replace_extension();
    return name += ending;
  };
  write_n_best(named(".n_best.json"), answers);
  if (config_.no_answer) write_null_odds(named(".null_odds.json"), answers);
  write_answers(file, answers);
}

}  // namespace albert::tasks
