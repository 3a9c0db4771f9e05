#include "train/best_result.h"

#include <cmath>

namespace albert::train {

bool is_better(const BestResult& result, const BestResult& than) {
  if (result.value != than.value) return (result.value > than.value) != metrics::is_better_smaller(result.metric);
  return result.loss && than.loss && *result.loss < *than.loss;
}

std::optional<BestResult> best_after(const std::optional<BestResult>& before, const Evaluation& evaluation,
                                     std::int64_t step) {
  if (!evaluation.value || !std::isfinite(*evaluation.value)) return before;
  BestResult now{evaluation.metric, *evaluation.value, step, metrics::find(evaluation.figures, "loss"), step};
  if (now.loss && !std::isfinite(*now.loss)) now.loss.reset();
  if (!before || before->metric != now.metric) return now;
  if (is_better(*before, now)) return before;
  if (!is_better(now, *before)) now.since = before->since;
  return now;
}

}  // namespace albert::train
