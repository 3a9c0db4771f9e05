#include "inference/attribution.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include "base/error.h"
#include "model/item_batch.h"

namespace albert::inference {

namespace {

/// The text with [PAD] in the place of every token that is not special.
model::Item padded(const model::Item& item, const text::SpecialIds& special) {
  model::Item padded = item;
  for (std::int32_t& id : padded.sequences.front().token_ids) {
    if (id != special.cls && id != special.sep) id = special.pad;
  }
  return padded;
}

/// One item and one of its scores, along the path. L tokens, E embedding.
class Path {
 public:
  Path(const model::TaskModel& model, const text::SpecialIds& special, const model::Item& item, std::size_t score,
       const AttributionOptions& options)
      : model_(model), item_(item), score_(static_cast<std::int64_t>(score)), batch_tokens_(options.batch_tokens) {
    const at::NoGradGuard no_gradients;
    end_ = embed(item);
    begin_ = embed(padded(item, special));
  }

  double score_at_end() const { return score_at(end_); }
  double score_at_begin() const { return score_at(begin_); }

  /// [L] what each token adds.
  std::vector<double> integrate(const std::vector<PathPoint>& points) const {
    const auto room = static_cast<std::size_t>(std::max<std::int64_t>(1, batch_tokens_ / item_.num_tokens()));
    at::Tensor gradient = at::zeros_like(end_, at::kDouble);  // [L, E]
    for (std::size_t first = 0; first < points.size(); first += room) {
      const std::size_t count = std::min(room, points.size() - first);
      gradient += weighted_gradient({points.data() + first, count});
    }
    const at::Tensor added = ((end_ - begin_).to(at::kDouble) * gradient).sum(1).cpu().contiguous();  // [L]
    const auto* const values = added.const_data_ptr<double>();
    return {values, values + added.numel()};
  }

 private:
  model::ItemBatch pack(const model::Item& item, std::size_t copies) const {
    const std::vector<const model::Item*> items(copies, &item);
    return model::pack_items(items, model_.head().kind).to(model_.compute().device);
  }

  at::Tensor embed(const model::Item& item) const { return model_.embedded(pack(item, 1)); }

  /// [copies] the score of each.
  at::Tensor scores(const at::Tensor& embedded, std::size_t copies) const {
    const at::Tensor scores = model_.scores(pack(item_, copies), {.embedded = embedded});
    if (scores.dim() == 2 && scores.size(0) == static_cast<std::int64_t>(copies) && scores.size(1) > score_)
      return scores.select(1, score_);
    throw InternalError("there is no score {} of an item whose scores have {} dimensions", score_, scores.dim());
  }

  double score_at(const at::Tensor& embedded) const {
    const at::NoGradGuard no_gradients;
    return scores(embedded, 1).item<double>();
  }

  /// The sum of the gradients at some points by their weights: [L, E] float64.
  at::Tensor weighted_gradient(std::span<const PathPoint> points) const {
    const auto count = static_cast<std::int64_t>(points.size());
    std::vector<at::Tensor> places;
    for (const PathPoint& point : points) places.push_back(begin_ + point.at * (end_ - begin_));
    const at::Tensor embedded = at::cat(places).detach().requires_grad_(true);  // [points L, E]
    const at::Tensor sum = scores(embedded, points.size()).sum();
    const at::Tensor gradient = torch::autograd::grad({sum}, {embedded}).front().to(at::kDouble);
    std::vector<double> weights;
    for (const PathPoint& point : points) weights.push_back(point.weight);
    const at::Tensor by_point = gradient.view({count, end_.size(0), end_.size(1)});
    return (by_point * at::tensor(weights, at::kDouble).to(gradient.device()).view({count, 1, 1})).sum(0);
  }

  const model::TaskModel& model_;
  const model::Item& item_;
  std::int64_t score_;
  std::int64_t batch_tokens_;
  at::Tensor begin_;  ///< [L, E]
  at::Tensor end_;    ///< [L, E]
};

}  // namespace

double Attribution::sum() const {
  return std::accumulate(tokens.begin(), tokens.end(), 0.0);
}

Attribution attribute(const model::TaskModel& model, const text::SpecialIds& special, const model::Item& item,
                      std::size_t score, const AttributionOptions& options) {
  if (item.sequences.size() != 1) throw InternalError("an item of {} sequences has no one path", item.sequences.size());
  const Path path(model, special, item, score, options);
  Attribution found{.tokens = {}, .score = path.score_at_end(), .baseline_score = path.score_at_begin()};
  const double difference = found.score - found.baseline_score;
  for (found.num_steps = options.num_steps;; found.num_steps *= 2) {
    found.tokens = path.integrate(gauss_legendre(found.num_steps));
    const bool is_enough = std::abs(found.sum() - difference) <= options.tolerance * std::abs(difference);
    if (is_enough || 2 * found.num_steps > options.max_steps) return found;
  }
}

std::vector<PathPoint> gauss_legendre(int count) {
  constexpr int kNewtonSteps = 10;  // which converge quadratically from a beginning that is close
  std::vector<PathPoint> points;
  for (int i = count; i > 0; --i) {
    double x = std::cos(std::numbers::pi * (i - 0.25) / (count + 0.5));
    double slope = 1;
    for (int step = 0; step < kNewtonSteps; ++step) {
      double value = 1, before = 0;  // Legendre's polynomials of the degrees k and k - 1 at x
      for (int k = 0; k < count; ++k) {
        const double next = ((2 * k + 1) * x * value - k * before) / (k + 1);
        before = value;
        value = next;
      }
      slope = count * (x * value - before) / (x * x - 1);
      x -= value / slope;
    }
    points.push_back({(1 + x) / 2, 1 / ((1 - x * x) * slope * slope)});
  }
  return points;
}

}  // namespace albert::inference
