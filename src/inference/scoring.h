#pragma once

#include <cstdint>
#include <functional>

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

/// Gives every item of a set its scores, without dropout. Items of like length go through the model together, so the
/// set is taken in another order than its own.
/// \return the mean loss per target over the items that say what is right; empty if none does
/// Throws NumericalError if the model's scores hold NaN or Inf.
metrics::Mean score_items(model::TaskModel& model, tasks::ItemSet& items, const ScoringOptions& options);

}  // namespace albert::inference
