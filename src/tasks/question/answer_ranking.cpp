#include "tasks/question/answer_ranking.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "tasks/common/float_digits.h"

namespace albert::tasks {

namespace {

/// A total order, so that equals do not depend on who came first.
bool is_better(const AnswerSpan& a, const AnswerSpan& b) {
  return std::make_tuple(-a.score(), a.window, -a.start_score, a.begin, a.end) <
         std::make_tuple(-b.score(), b.window, -b.start_score, b.begin, b.end);
}

void set_probabilities(std::vector<RankedAnswer>& answers) {
  double sum = 0;
  for (RankedAnswer& answer : answers) {
    sum += answer.probability = std::exp(answer.span.score() - answers.front().span.score());
  }
  for (RankedAnswer& answer : answers) answer.probability = float_digits(answer.probability / sum);
}

}  // namespace

void AnswerRanking::add(const AnswerSpan& span, std::string_view context, std::size_t limit) {
  if (spans_.size() >= limit && !is_better(span, spans_.back())) return;
  const auto same = std::find_if(spans_.begin(), spans_.end(),
                                 [&](const AnswerSpan& other) { return other.text(context) == span.text(context); });
  if (same != spans_.end()) {
    if (!is_better(span, *same)) return;
    spans_.erase(same);
  }
  spans_.insert(std::upper_bound(spans_.begin(), spans_.end(), span, is_better), span);
  if (spans_.size() > limit) spans_.pop_back();
}

void AnswerRanking::add_none(float start_score, float end_score, std::uint32_t window) {
  const AnswerSpan none{.start_score = start_score, .end_score = end_score, .window = window};
  if (!none_ || none.score() < none_->score() || (none.score() == none_->score() && window < none_->window)) {
    none_ = none;
  }
}

std::optional<AnswerSpan> AnswerRanking::best() const {
  return spans_.empty() ? std::nullopt : std::optional(spans_.front());
}

double AnswerRanking::null_odds() const {
  return null_score() - (spans_.empty() ? kNoSpanScore : spans_.front().score());
}

std::vector<RankedAnswer> AnswerRanking::n_best(std::size_t limit, bool with_none) const {
  std::vector<RankedAnswer> answers;
  answers.reserve(spans_.size() + 1);
  for (const AnswerSpan& span : spans_) answers.push_back({span});
  if (with_none && none_) {
    // In its place by score; if that is behind the limit, behind the limit's worst.
    const auto worse = std::find_if(answers.begin(), answers.end(), [this](const RankedAnswer& answer) {
      return answer.span.score() < none_->score();
    });
    const bool is_among_best = worse != answers.end() || answers.size() < limit;
    answers.insert(worse, {*none_});
    if (is_among_best && answers.size() > limit) answers.pop_back();
  }
  if (!answers.empty()) set_probabilities(answers);
  return answers;
}

}  // namespace albert::tasks
