#include "tasks/question/span_search.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"

namespace albert::tasks {

namespace {

void add_spans(std::size_t first, float start_score, std::span<const std::size_t> ends, std::span<const float> scores,
               const SpanSearch& search, std::vector<TokenSpan>& spans) {
  if (!search.context.contains(first)) return;
  for (const std::size_t last : ends) {
    if (!search.context.contains(last) || last < first || last - first >= search.max_answer_length) continue;
    spans.push_back({first, last, start_score, scores[last]});
  }
}

/// The logarithms of the softmax.
std::vector<float> log_probabilities(std::span<const float> scores) {
  const double largest = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (const float score : scores) sum += std::exp(score - largest);
  const double norm = largest + std::log(sum);
  std::vector<float> result(scores.size());
  std::transform(scores.begin(), scores.end(), result.begin(),
                 [norm](float score) { return static_cast<float>(score - norm); });
  return result;
}

}  // namespace

std::vector<std::size_t> best_indices(std::span<const float> values, std::size_t count) {
  std::vector<std::size_t> indices(values.size());
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  count = std::min(count, indices.size());
  const auto middle = indices.begin() + static_cast<std::ptrdiff_t>(count);
  std::partial_sort(indices.begin(), middle, indices.end(), [values](std::size_t a, std::size_t b) {
    return values[a] != values[b] ? values[a] > values[b] : a < b;
  });
  indices.resize(count);
  return indices;
}

std::vector<TokenSpan> find_spans(std::span<const float> scores, const SpanSearch& search) {
  const std::size_t length = scores.size() / 2;
  const auto starts = scores.first(length);
  const auto ends = scores.last(length);
  const std::vector<std::size_t> best_ends = best_indices(ends, search.num_ends);
  std::vector<TokenSpan> spans;
  for (const std::size_t first : best_indices(starts, search.num_starts)) {
    add_spans(first, starts[first], best_ends, ends, search, spans);
  }
  return spans;
}

std::vector<TokenSpan> all_spans(std::span<const float> scores, const SpanSearch& search) {
  const std::size_t length = scores.size() / 2;
  std::vector<std::size_t> ends(search.context.size());
  std::iota(ends.begin(), ends.end(), search.context.begin);
  std::vector<TokenSpan> spans;
  for (std::size_t first = search.context.begin; first < search.context.end; ++first) {
    add_spans(first, scores[first], ends, scores.last(length), search, spans);
  }
  return spans;
}

std::vector<TokenSpan> find_joint_spans(std::span<const float> scores, std::size_t length, const SpanSearch& search) {
  const std::size_t num_rows = std::min(search.num_starts, length);
  if (scores.size() != (1 + num_rows) * length + 1) {
    throw InternalError("{} scores of the joint head for {} tokens and {} starts", scores.size(), length, num_rows);
  }
  const std::vector<float> starts = log_probabilities(scores.first(length));
  const std::vector<std::size_t> best_starts = best_indices(scores.first(length), num_rows);
  std::vector<TokenSpan> spans;
  for (std::size_t row = 0; row < num_rows; ++row) {
    const std::vector<float> ends = log_probabilities(scores.subspan((1 + row) * length, length));
    add_spans(best_starts[row], starts[best_starts[row]], best_indices(ends, search.num_ends), ends, search, spans);
  }
  return spans;
}

}  // namespace albert::tasks
