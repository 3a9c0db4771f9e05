#pragma once

#include <cstdint>
#include <optional>

#include "checkpoint/training_state.h"
#include "train/objective.h"

namespace albert::train {

using checkpoint::BestResult;

/// Whether a result is better than another one of the same metric: by the value; where the values are equal, by the
/// loss.
bool is_better(const BestResult& result, const BestResult& than);

/// The best result after one more evaluation: of results that are equally good the later one, which has learnt from
/// more updates.
/// \param step of the evaluation
std::optional<BestResult> best_after(const std::optional<BestResult>& before, const Evaluation& evaluation,
                                     std::int64_t step);

}  // namespace albert::train
