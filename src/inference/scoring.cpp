#include "inference/scoring.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "base/error.h"
#include "model/prediction_guard.h"

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

/// Items that go through the model together.
struct Batch {
  std::span<const std::size_t> items;  ///< their numbers
  model::ItemBatch packed;             ///< empty once it is known that another rank computes it
  std::vector<std::int64_t> offsets;   ///< [N + 1] of each item's scores
  bool is_labelled = false;
  double num_targets = 0;
};

Batch make_batch(const model::TaskModel& model, tasks::ItemSet& items, std::span<const std::size_t> numbers) {
  std::vector<const model::Item*> together;
  for (const std::size_t number : numbers) together.push_back(&items.item(number));
  Batch batch{numbers, model::pack_items(together, model.head().kind), {}, is_labelled(*together.front())};
  batch.offsets = model.score_offsets(batch.packed);
  batch.num_targets = static_cast<double>(batch.packed.num_targets);
  return batch;
}

/// What a model returned, as an array of the processor's.
at::Tensor flat_scores(const at::Tensor& scores) {
  return scores.flatten().to(at::kCPU, at::kFloat).contiguous();
}

struct Scores {
  at::Tensor values;  ///< [all items' scores] float32
  double loss_sum = 0;
};

Scores compute(model::TaskModel& model, const Batch& batch) {
  const model::ItemBatch packed = batch.packed.to(model.compute().device);
  const at::Tensor scores = model.scores(packed, {});
  Scores computed{flat_scores(scores)};
  if (batch.is_labelled) computed.loss_sum = model.loss_sum(scores, packed).item<double>();
  return computed;
}

void hand_out(tasks::ItemSet& items, const Batch& batch, const at::Tensor& values) {
  const auto* const first = values.const_data_ptr<float>();
  for (std::size_t i = 0; i < batch.items.size(); ++i) {
    const auto begin = static_cast<std::size_t>(batch.offsets[i]), end = static_cast<std::size_t>(batch.offsets[i + 1]);
    items.take_scores(batch.items[i], {first + begin, end - begin});
  }
}

/// Whether a rank is the one that computes a batch.
bool computes(const parallel::Group& ranks, std::size_t number) {
  return static_cast<int>(number % static_cast<std::size_t>(ranks.size())) == ranks.rank();
}

/// Each rank computes some of the batches; then all get all of them.
metrics::Mean score_among(parallel::Group& ranks, model::TaskModel& model, tasks::ItemSet& items,
                          const std::vector<Batch>& batches) {
  std::int64_t num_scores = 0;
  for (const Batch& batch : batches) num_scores += batch.offsets.back();
  at::Tensor values = at::zeros({num_scores}, at::kFloat);
  at::Tensor losses = at::zeros({static_cast<std::int64_t>(batches.size())}, at::kDouble);
  std::int64_t begin = 0;
  for (std::size_t number = 0; number < batches.size(); ++number) {
    const std::int64_t end = begin + batches[number].offsets.back();
    if (computes(ranks, number)) {
      const Scores scores = compute(model, batches[number]);
      values.slice(0, begin, end).copy_(scores.values);
      losses[static_cast<std::int64_t>(number)] = scores.loss_sum;
    }
    begin = end;
  }
  // Exact: of each number all ranks but one have 0.
  ranks.sum(values);
  ranks.sum(losses);
  check_finite(values);  // on all ranks, of which each would else wait for one that found it alone
  metrics::Mean loss;
  begin = 0;
  for (std::size_t number = 0; number < batches.size(); ++number) {
    const Batch& batch = batches[number];
    hand_out(items, batch, values.slice(0, begin, begin + batch.offsets.back()));
    begin += batch.offsets.back();
    if (!batch.is_labelled) continue;
    loss.sum += losses[static_cast<std::int64_t>(number)].item<double>();
    loss.count += batch.num_targets;
  }
  return loss;
}

}  // namespace

void check_finite(const at::Tensor& scores) {
  if (scores.numel() == 0) return;
  const auto [least, largest] = at::aminmax(scores);  // NaN where one is
  if (std::isfinite(least.item<float>()) && std::isfinite(largest.item<float>())) return;
  throw NumericalError(
      "the model's scores hold NaN or Inf: its training diverged, or its file is damaged; take an earlier checkpoint, "
      "or train again with a lower optimizer.learning_rate");
}

void score_together(model::TaskModel& model, std::span<const model::Item* const> items, const TakeScores& take) {
  const model::PredictionGuard predicting;
  const model::ItemBatch batch = model::pack_items(items, model.head().kind);
  const std::vector<std::int64_t> offsets = model.score_offsets(batch);
  const at::Tensor scores = flat_scores(model.scores(batch.to(model.compute().device), {}));
  check_finite(scores);
  const auto* const first = scores.const_data_ptr<float>();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto begin = static_cast<std::size_t>(offsets[i]), end = static_cast<std::size_t>(offsets[i + 1]);
    take(i, {first + begin, end - begin});
  }
}

metrics::Mean score_items(model::TaskModel& model, tasks::ItemSet& items, const ScoringOptions& options) {
  const model::PredictionGuard predicting;
  const bool is_shared = options.ranks != nullptr && !options.ranks->is_alone();
  metrics::Mean loss;
  const std::vector<std::size_t> order = by_length(items);
  std::vector<Batch> batches;
  for (std::size_t begin = 0; begin < order.size();) {
    const std::size_t end = batch_end(items, order, begin, options.batch_tokens);
    Batch batch = make_batch(model, items, std::span(order).subspan(begin, end - begin));
    begin = end;
    if (is_shared) {
      if (!computes(*options.ranks, batches.size())) batch.packed = {};
      batches.push_back(std::move(batch));
      continue;
    }
    const Scores scores = compute(model, batch);
    check_finite(scores.values);
    hand_out(items, batch, scores.values);
    if (batch.is_labelled) {
      loss.sum += scores.loss_sum;
      loss.count += batch.num_targets;
    }
    if (options.progress) options.progress(end, order.size());
  }
  return is_shared ? score_among(*options.ranks, model, items, batches) : loss;
}

}  // namespace albert::inference
