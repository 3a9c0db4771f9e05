#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "metrics/figures.h"
#include "model/task_model.h"
#include "parallel/group.h"
#include "tasks/task.h"

namespace albert::inference {

struct ScoringOptions {
  std::int64_t batch_tokens = 4096;  ///< tokens that go through the model together at most; an item is never split
  /// Called after every batch with the numbers of items done and of all.
  std::function<void(std::size_t done, std::size_t total)> progress = {};
  /// Divide the work; each has all scores afterwards, and they are those of one rank. Null: this process does it all.
  parallel::Group* ranks = nullptr;
};

/// What a model says of an item, see tasks::ItemSet::take_scores().
using TakeScores = std::function<void(std::size_t index, std::span<const float> scores)>;

/// Lets items go through the model together, without dropout.
/// \param take gets the scores of each
/// Throws NumericalError if the model's scores hold NaN or Inf.
void score_together(model::TaskModel& model, std::span<const model::Item* const> items, const TakeScores& take);

/// Gives every item of a set its scores, without dropout. Items of like length go through the model together, so the
/// set is taken in another order than its own.
/// \return the mean loss per target over the items that say what is right; empty if none does
/// Throws NumericalError if the model's scores hold NaN or Inf.
metrics::Mean score_items(model::TaskModel& model, tasks::ItemSet& items, const ScoringOptions& options);

/// Throws NumericalError for scores that hold NaN or Inf.
/// \param scores those of items that went through the model together; they may be too many for a copy
void check_finite(const at::Tensor& scores);

}  // namespace albert::inference
