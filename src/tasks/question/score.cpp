#include "tasks/question/score.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "metrics/question_answering.h"
#include "tasks/question/id_values.h"
#include "tasks/question/reader.h"

namespace albert::tasks {

namespace {

/// Values of one file for the questions of another, by question.
template <typename Value>
struct MatchedValues {
  std::vector<const Value*> of_question;  ///< null where the file has none
  std::vector<std::size_t> question;      ///< of each member of the file, in its order, that is of a question
  std::int64_t num_missing = 0;
  std::string_view first_missing;
};

template <typename Value>
MatchedValues<Value> match(const std::vector<Question>& questions,
                           const std::vector<std::pair<std::string, Value>>& values) {
  std::unordered_map<std::string_view, std::size_t> numbers;
  for (std::size_t i = 0; i < questions.size(); ++i) numbers.emplace(questions[i].id, i);
  MatchedValues<Value> matched;
  matched.of_question.resize(questions.size());
  for (const auto& [id, value] : values) {
    const auto number = numbers.find(id);
    if (number == numbers.end()) continue;
    matched.of_question[number->second] = &value;
    matched.question.push_back(number->second);
  }
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (matched.of_question[i] != nullptr) continue;
    if (matched.num_missing++ == 0) matched.first_missing = questions[i].id;
  }
  return matched;
}

template <typename Value>
void refuse_missing(const MatchedValues<Value>& matched, const std::filesystem::path& file, const AnswerFiles& files) {
  if (matched.num_missing == 0) return;
  throw DataError("{}: expected a value for each of the {} questions of {}, found none for {} of them; the first is {}",
                  file.string(), matched.of_question.size(), files.gold.string(), matched.num_missing,
                  matched.first_missing);
}

void warn_of_what_does_not_match(const MatchedValues<std::string>& matched, std::size_t num_predictions,
                                 const AnswerFiles& files) {
  if (matched.question.empty()) {
    throw DataError("{}: none of its {} predictions is of a question of {}; the first question there is {}",
                    files.predictions.string(), num_predictions, files.gold.string(), matched.first_missing);
  }
  if (matched.num_missing > 0) {
    log_warning("{}: no prediction for {} of {} questions, the first is {}: they count as wrong",
                files.predictions.string(), matched.num_missing, matched.of_question.size(), matched.first_missing);
  }
  if (const std::size_t extra = num_predictions - matched.question.size(); extra > 0) {
    log_warning("{}: {} of no question of {} and not counted", files.predictions.string(), counted(extra, "prediction"),
                files.gold.string());
  }
}

std::vector<std::string> gold_answers(const Question& question, AnswerRule rule, const AnswerFiles& files) {
  const bool may_have_none = rule == AnswerRule::kSquad2;
  if (!question.is_labelled || (question.answers.empty() && !may_have_none)) {
    throw DataError("{}: question {}: expected {}, found none{}", files.gold.string(), question.id,
                    may_have_none ? "a list of answers" : "an answer",
                    question.is_labelled ? "; score a file with unanswerable questions as squad2" : "");
  }
  std::vector<std::string> texts;
  texts.reserve(question.answers.size());
  for (const GoldAnswer& answer : question.answers) texts.push_back(answer.text);
  return texts;
}

metrics::JudgedQuestion judge(const Question& question, const std::string* prediction, AnswerRule rule,
                              const AnswerFiles& files) {
  const std::vector<std::string> gold = gold_answers(question, rule, files);
  metrics::JudgedQuestion judged{.has_answer = !gold.empty(),
                                 .answered = prediction != nullptr && !prediction->empty()};
  if (prediction == nullptr) return judged;
  switch (rule) {
    case AnswerRule::kSquad1:
      judged.score = metrics::squad1_score(*prediction, gold);
      break;
    case AnswerRule::kSquad2:
      judged.score = metrics::squad2_score(*prediction, gold);
      break;
    case AnswerRule::kCmrc:
      judged.score = metrics::cmrc_score(*prediction, gold);
      break;
  }
  return judged;
}

std::vector<metrics::NullOdds> read_odds(const std::vector<Question>& questions, const AnswerFiles& files) {
  if (files.null_odds.empty()) return {};
  const auto values = read_numbers_by_id(files.null_odds);
  const MatchedValues<double> matched = match(questions, values);
  refuse_missing(matched, files.null_odds, files);
  std::vector<metrics::NullOdds> odds;
  odds.reserve(matched.question.size());
  for (const std::size_t question : matched.question) odds.push_back({question, *matched.of_question[question]});
  return odds;
}

}  // namespace

metrics::Report score_questions(AnswerRule rule, const AnswerFiles& files) {
  // Where an answer stands does not matter here, only what it is.
  const std::vector<Question> questions = read_questions(files.gold, MisplacedAnswers::kSkip).questions;
  const auto predictions = read_texts_by_id(files.predictions);
  const MatchedValues<std::string> matched = match(questions, predictions);
  if (rule == AnswerRule::kSquad2 && !matched.question.empty()) refuse_missing(matched, files.predictions, files);
  warn_of_what_does_not_match(matched, predictions.size(), files);

  std::vector<metrics::JudgedQuestion> judged;
  judged.reserve(questions.size());
  for (std::size_t i = 0; i < questions.size(); ++i) {
    judged.push_back(judge(questions[i], matched.of_question[i], rule, files));
  }
  if (rule != AnswerRule::kSquad2) return metrics::judge_answers(judged);
  return metrics::judge_answers_or_none(judged, read_odds(questions, files), {.threshold = files.null_threshold});
}

}  // namespace albert::tasks
