#include <string_view>
#include <unordered_map>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "tasks/common/float_digits.h"
#include "tasks/question/answers.h"
#include "tasks/question/id_values.h"
#include "tasks/question/readers.h"

namespace albert::tasks {

namespace {

using nlohmann::ordered_json;

/// An object with one member for each question, under its id. Appended to a list of members: an ordered_json looks for the name
/// among all others whenever one is set.
template <typename ValueOf>
std::string by_id(const QuestionFile& file, std::span<const QuestionAnswer> answers, ValueOf value_of) {
  std::string text = "{";
  for (std::size_t i = 0; i < answers.size(); ++i) {
    text += i == 0 ? "\n    " : ",\n    ";
    text += ordered_json(file.records[i].id).dump() + ": " + ordered_json(value_of(answers[i])).dump();
  }
  return text + "\n}\n";
}

constexpr const char* kNBestEnding = ".n_best.json";
constexpr const char* kNullOddsEnding = ".null_odds.json";

/// A file that is named after another one, which may end in .json.
fs::path beside(fs::path path, const char* ending) {
  if (path.extension() == ".json") path.replace_extension();
  return path += ending;
}

ordered_json n_best_of(const QuestionAnswer& answer) {
  ordered_json list = ordered_json::array();
  for (const RankedAnswer& likely : answer.n_best) {
    list.push_back({{"text", answer.text_of(likely.span)},
                    {"probability", likely.probability},
                    {"start_logit", float_digits(likely.span.start_score)},
                    {"end_logit", float_digits(likely.span.end_score)}});
  }
  return list;
}

/// Values of one file for the questions of another.
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
void refuse_missing(const MatchedValues<Value>& matched, const fs::path& file, const ScoreFiles& files) {
  if (matched.num_missing == 0) return;
  throw DataError("{}: expected a value for each of the {} questions of {}, found none for {} of them; the first is {}",
                  file.string(), matched.of_question.size(), files.gold.string(), matched.num_missing,
                  matched.first_missing);
}

void warn_of_what_does_not_match(const MatchedValues<std::string>& matched, std::size_t num_predictions,
                                 const ScoreFiles& files) {
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

QuestionAnswer answer_of_text(const std::string& text) {
  const AnswerSpan whole{.begin = 0, .end = static_cast<std::uint32_t>(text.size())};
  return {.text = std::make_shared<const std::string>(text), .best = whole, .given = {.span = whole}};
}

void read_odds(const QuestionFile& gold, const ScoreFiles& files, std::vector<QuestionAnswer>& answers) {
  const auto values = read_numbers_by_id(*files.null_odds);
  const MatchedValues<double> matched = match(gold.records, values);
  refuse_missing(matched, *files.null_odds, files);
  for (std::size_t i = 0; i < matched.question.size(); ++i) {
    QuestionAnswer& answer = answers[matched.question[i]];
    answer.null_odds = *matched.of_question[matched.question[i]];
    answer.place_of_odds = i;
  }
}

}  // namespace

std::vector<fs::path> question_files(const QuestionSettings& settings, const fs::path& path) {
  std::vector<fs::path> files = {path, beside(path, kNBestEnding)};
  if (settings.no_answer) files.push_back(beside(path, kNullOddsEnding));
  return files;
}

void write_question_answers(const QuestionSettings& settings, const QuestionFile& file,
                            std::span<const QuestionAnswer> answers, const fs::path& path) {
  AtomicFiles files;
  files.write(beside(path, kNBestEnding), by_id(file, answers, n_best_of));
  if (settings.no_answer) {
    files.write(beside(path, kNullOddsEnding),
                by_id(file, answers, [](const auto& answer) { return *answer.null_odds; }));
  }
  files.write(path, by_id(file, answers, [](const auto& answer) { return answer.text_of(answer.given.span); }));
  files.commit();
}

QuestionFile read_question_gold(const QuestionSettings& settings, const ScoreFiles& files) {
  QuestionFile gold = read_questions(files.gold, MisplacedAnswers::kSkip);
  for (const Question& question : gold.records) {
    if (question.is_known(settings.no_answer)) continue;
    throw DataError("{}: question {}: expected {}, found none{}", files.gold.string(), question.id,
                    settings.no_answer ? "a list of answers, or is_impossible: true" : "an answer",
                    question.is_labelled ? "; score a file with unanswerable questions as squad2" : "");
  }
  gold.official = {.threshold = files.null_threshold.value_or(metrics::NoAnswerOptions().threshold)};
  return gold;
}

std::vector<QuestionAnswer> read_question_answers(const QuestionSettings& settings, const QuestionFile& gold,
                                                  const ScoreFiles& files) {
  const auto predictions = read_texts_by_id(files.predictions);
  const MatchedValues<std::string> matched = match(gold.records, predictions);
  if (settings.no_answer && !matched.question.empty()) refuse_missing(matched, files.predictions, files);
  warn_of_what_does_not_match(matched, predictions.size(), files);
  std::vector<QuestionAnswer> answers(gold.records.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (matched.of_question[i] != nullptr) answers[i] = answer_of_text(*matched.of_question[i]);
  }
  if (settings.no_answer && files.null_odds) read_odds(gold, files, answers);
  return answers;
}

}  // namespace albert::tasks
