#include "tasks/question/answers.h"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "metrics/question_answering.h"
#include "tasks/common/table.h"

namespace albert::tasks {

namespace {

using nlohmann::ordered_json;

metrics::AnswerScore score(const QuestionSettings& settings, std::string_view answer,
                           const std::vector<std::string>& gold) {
  if (settings.scoring == AnswerScoring::kCmrc) return metrics::cmrc_score(answer, gold);
  return settings.no_answer ? metrics::squad2_score(answer, gold) : metrics::squad1_score(answer, gold);
}

/// The odds of all questions that have some, in the order of their file; a model's in that of the questions.
std::vector<metrics::NullOdds> odds_of(std::span<const QuestionAnswer> answers) {
  std::vector<metrics::NullOdds> odds;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].null_odds) odds.push_back({.question = i, .odds = *answers[i].null_odds});
  }
  std::ranges::stable_sort(odds, {}, [&](const auto& entry) { return answers[entry.question].place_of_odds; });
  return odds;
}

/// A threshold under which no question gets an answer.
double threshold_below(const std::vector<metrics::NullOdds>& odds) {
  return odds.empty() ? 0 : std::ranges::min(odds, {}, &metrics::NullOdds::odds).odds - 1;
}

/// The number of characters before a byte.
std::size_t count_characters(std::string_view text, std::size_t size_bytes) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size_bytes),
                                                [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

ordered_json to_json(const QuestionAnswer& answer, const RankedAnswer& ranked) {
  ordered_json object = {
      {"answer", nullptr}, {"probability", ranked.probability}, {"start", nullptr}, {"end", nullptr}};
  if (!ranked.span.is_none()) {
    object["answer"] = answer.text_of(ranked.span);
    object["start"] = count_characters(*answer.text, ranked.span.begin);
    object["end"] = count_characters(*answer.text, ranked.span.end);
  }
  return object;
}

}  // namespace

metrics::JudgedQuestion judge_question(const QuestionSettings& settings, const Question& question,
                                       const QuestionAnswer& answer) {
  std::vector<std::string> gold(question.answers.size());
  std::ranges::transform(question.answers, gold.begin(), &GoldAnswer::text);
  const std::string_view text = answer.text_of(answer.best);
  return {.score = answer.text ? score(settings, text, gold) : metrics::AnswerScore(),
          .has_answer = !gold.empty(),
          .answered = !text.empty()};
}

metrics::Report judge_questions(const QuestionSettings& settings, const QuestionFile& file,
                                std::span<const QuestionAnswer> answers) {
  std::vector<metrics::JudgedQuestion> judged;
  judged.reserve(answers.size());
  for (std::size_t i = 0; i < answers.size(); ++i)
    judged.push_back(judge_question(settings, file.records[i], answers[i]));
  if (!settings.no_answer) return metrics::judge_answers(judged);
  const std::vector<metrics::NullOdds> odds = odds_of(answers);
  const metrics::NoAnswerOptions of_model{.threshold = settings.null_threshold,
                                          .answer_nothing = threshold_below(odds)};
  return metrics::judge_answers_or_none(judged, odds, file.official.value_or(of_model));
}

std::vector<ConstantGuess<QuestionAnswer>> guess_no_answer(const QuestionFile& file) {
  const QuestionAnswer none{.text = std::make_shared<const std::string>(), .null_odds = 0};
  return {{"nothing", std::vector(file.records.size(), none)}};
}

std::string question_columns(const QuestionAnswer& answer) {
  const AnswerSpan& span = answer.given.span;
  std::string columns = write_field(answer.text_of(span), {});
  columns += fmt::format("\t{}\t", answer.given.probability);
  if (span.is_none()) return columns + '\t';
  return columns +
         fmt::format("{}\t{}", count_characters(*answer.text, span.begin), count_characters(*answer.text, span.end));
}

ordered_json question_json(const QuestionSettings& settings, const QuestionAnswer& answer) {
  ordered_json members = to_json(answer, answer.given);
  if (settings.no_answer) members["null_odds"] = answer.null_odds.value_or(0);
  if (settings.show_n_best) {
    ordered_json& list = members["n_best"] = ordered_json::array();
    for (const RankedAnswer& likely : answer.n_best) list.push_back(to_json(answer, likely));
  }
  return members;
}

}  // namespace albert::tasks
