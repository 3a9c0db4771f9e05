#include "metrics/question_answering.h"

#include <algorithm>
#include <functional>
#include <string>

#include "base/error.h"

namespace albert::metrics {

namespace {

constexpr double kPercent = 100;

/// Sums in the order of the questions, then divides: as the scripts do, to the last digit.
class Scores {
 public:
  void add(const AnswerScore& score) {
    exact_match_.add(score.exact_match);
    f1_.add(score.f1);
  }
  void append_to(Figures& figures, const std::string& prefix) const {
    if (exact_match_.count == 0) return;
    figures.emplace_back(prefix + "exact_match", kPercent * exact_match_.sum / exact_match_.count);
    figures.emplace_back(prefix + "f1", kPercent * f1_.sum / f1_.count);
  }

 private:
  Mean exact_match_;
  Mean f1_;
};

/// The scores when predictions with odds above the threshold are taken back.
std::vector<AnswerScore> scores_under(const NoAnswerOptions& options, std::span<const JudgedQuestion> questions,
                                      std::span<const NullOdds> odds) {
  std::vector<AnswerScore> scores;
  for (const JudgedQuestion& question : questions) scores.push_back(question.score);
  for (const auto& [question, value] : odds) {
    if (question >= questions.size()) throw InternalError("odds of question {} of {}", question, questions.size());
    if (!(value > options.threshold)) continue;
    const double right = questions[question].has_answer ? 0 : 1;
    scores[question] = {right, right};
  }
  return scores;
}

void append_best(Figures& figures, std::span<const JudgedQuestion> questions, std::span<const NullOdds> odds,
                 double answer_nothing) {
  const auto append = [&](const std::string& name, double AnswerScore::*member) {
    std::vector<double> scores;
    for (const JudgedQuestion& question : questions) scores.push_back(question.score.*member);
    const BestThreshold best = best_threshold(questions, scores, odds, answer_nothing);
    figures.emplace_back("best_" + name, kPercent * best.score);
    figures.emplace_back("best_" + name + "_threshold", best.threshold);
  };
  append("exact_match", &AnswerScore::exact_match);
  append("f1", &AnswerScore::f1);
}

}  // namespace

Report judge_answers(std::span<const JudgedQuestion> questions) {
  Scores all;
  for (const JudgedQuestion& question : questions) all.add(question.score);
  Report report;
  all.append_to(report.figures, "");
  return report;
}

Report judge_answers_or_none(std::span<const JudgedQuestion> questions, std::span<const NullOdds> odds,
                             const NoAnswerOptions& options) {
  const std::vector<AnswerScore> scores = scores_under(options, questions, odds);
  Scores all;
  Scores has_answer;
  Scores no_answer;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    all.add(scores[i]);
    (questions[i].has_answer ? has_answer : no_answer).add(scores[i]);
  }
  Report report;
  all.append_to(report.figures, "");
  has_answer.append_to(report.figures, "has_answer_");
  no_answer.append_to(report.figures, "no_answer_");
  if (!odds.empty() && !questions.empty()) append_best(report.figures, questions, odds, options.answer_nothing);
  return report;
}

BestThreshold best_threshold(std::span<const JudgedQuestion> questions, std::span<const double> scores,
                             std::span<const NullOdds> odds, double answer_nothing) {
  std::vector<NullOdds> ascending(odds.begin(), odds.end());
  std::ranges::stable_sort(ascending, {}, &NullOdds::odds);
  // With the threshold below all odds no question is answered; raising it past one gives back its prediction.
  auto current = static_cast<double>(
      std::ranges::count_if(questions, [](const JudgedQuestion& question) { return !question.has_answer; }));
  BestThreshold best{.score = current, .threshold = answer_nothing};
  for (const auto& [question, value] : ascending) {
    const JudgedQuestion& judged = questions[question];
    current += judged.has_answer ? scores[question] : judged.answered ? -1 : 0;
    if (current > best.score) best = {.score = current, .threshold = value};
  }
  best.score /= static_cast<double>(questions.size());
  return best;
}

}  // namespace albert::metrics
