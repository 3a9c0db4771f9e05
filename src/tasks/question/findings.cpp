#include "tasks/question/findings.h"

#include <algorithm>

namespace albert::tasks {

namespace {

/// What is judged: by the settings an answer, or that there is none.
AnswerSpan judged_span(const QuestionSettings& settings, const QuestionAnswer& answer) {
  return settings.no_answer ? answer.given.span : answer.best;
}

/// Of the span among the likeliest answers; 0 where it is none of them.
double probability_of(const AnswerSpan& span, const QuestionAnswer& answer) {
  const auto is_same = [&](const RankedAnswer& ranked) {
    return (span.is_none() && ranked.span.is_none()) ||
           (ranked.span.begin == span.begin && ranked.span.end == span.end);
  };
  const auto found = std::ranges::find_if(answer.n_best, is_same);
  return found == answer.n_best.end() ? 0 : found->probability;
}

}  // namespace

QuestionFindings find_in_questions(const QuestionSettings& settings, const QuestionFile& file,
                                   std::span<const QuestionAnswer> answers) {
  QuestionFindings findings;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const Question& question = file.records[i];
    QuestionAnswer judged = answers[i];
    judged.best = judged_span(settings, answers[i]);
    const metrics::AnswerScore score = judge_question(settings, question, judged).score;
    QuestionFindings::Example example{.id = question.id,
                                      .question = question.text,
                                      .context = question.context,
                                      .gold = {},
                                      .predicted = std::string(judged.text_of(judged.best)),
                                      .begin = judged.best.begin,
                                      .probability = probability_of(judged.best, judged),
                                      .exact_match = score.exact_match,
                                      .f1 = score.f1};
    for (const GoldAnswer& gold : question.answers) example.gold.push_back(gold.text);
    findings.examples.push_back(std::move(example));
  }
  return findings;
}

}  // namespace albert::tasks
