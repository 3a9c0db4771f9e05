#include "inference/scoring.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <ATen/ATen.h>

#include "base/error.h"

namespace albert::inference {

namespace {

/// The items in the order of their lengths, the longest first, so that a run that does not fit into memory fails at
/// once.
std::vector<std::size_t> by_length(const tasks::ItemSet& items) {
  std::vector<std::int64_t> lengths(items.num_items());
  for (std::size_t i = 0; i < lengths.size(); ++i) lengths[i] = items.item(i).num_tokens();
  std::vector<std::size_t> order(lengths.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t i) { return lengths[i]; });
  return order;
}

bool is_labelled(const model::Item& item) {
  return !item.labels.empty() || !item.values.empty();
}

/// How many of `order` from `begin` on make a batch: within the budget, and either all labelled or none.
std::size_t batch_end(const tasks::ItemSet& items, std::span<const std::size_t> order, std::size_t begin,
                      std::int64_t budget) {
  std::int64_t tokens = items.item(order[begin]).num_tokens();
  std::size_t end = begin + 1;
  for (; end < order.size(); ++end) {
    const model::Item& next = items.item(order[end]);
    tokens += next.num_tokens();
    if (tokens > budget || is_labelled(next) != is_labelled(items.item(order[begin]))) break;
  }
  return end;
}

/// Throws NumericalError for scores that are no numbers.
/// \param scores those of items that went through the model together; they may be too many for a copy
void check_finite(const at::Tensor& scores) {
  if (scores.numel() == 0) return;
  const auto [least, largest] = at::aminmax(scores);  // NaN where one is
  if (std::isfinite(least.item<float>()) && std::isfinite(largest.item<float>())) return;
  throw NumericalError(
      "the model's scores hold NaN or Inf: its training diverged, or its file is damaged; take an earlier checkpoint, "
      "or train again with a lower optimizer.learning_rate");
}

}  // namespace

metrics::Mean score_items(model::TaskModel& model, tasks::ItemSet& items, const ScoringOptions& options) {
  const at::NoGradGuard no_gradients;
  metrics::Mean loss;
  const std::vector<std::size_t> order = by_length(items);
  for (std::size_t begin = 0; begin < order.size();) {
    const std::size_t end = batch_end(items, order, begin, options.batch_tokens);
    std::vector<const model::Item*> together;
    for (std::size_t i = begin; i < end; ++i) together.push_back(&items.item(order[i]));
    const model::ItemBatch batch = model::pack_items(together, model.head().kind).to(model.compute().device);
    const at::Tensor scores = model.scores(batch, {});
    if (is_labelled(*together.front())) {
      loss.sum += model.loss_sum(scores, batch).item<double>();
      loss.count += static_cast<double>(batch.num_targets);
    }
    const at::Tensor flat = scores.flatten().to(at::kCPU, at::kFloat).contiguous();
    check_finite(flat);
    const std::vector<std::int64_t> offsets = model.score_offsets(batch);
    for (std::size_t i = begin; i < end; ++i) {
      const auto first = static_cast<std::size_t>(offsets[i - begin]);
      const auto last = static_cast<std::size_t>(offsets[i - begin + 1]);
      items.take_scores(order[i], {flat.const_data_ptr<float>() + first, last - first});
    }
    begin = end;
    if (options.progress) options.progress(end, order.size());
  }
  return loss;
}

}  // namespace albert::inference
