#pragma once

#include <cstdint>
#include <optional>

#include "parallel/group.h"
#include "train/objective.h"

namespace albert::train {

/// What rank 0 found in an evaluation, on all ranks and to the last bit. All of them call it.
std::optional<Evaluation> of_first_rank(parallel::Group& ranks, const std::optional<Evaluation>& evaluation);

/// A figure that could not be computed is absent: one that is no number comes of weights that nothing can be computed
/// with.
/// Throws NumericalError naming the step and the figure.
void require_finite(const Evaluation& evaluation, std::int64_t step);

}  // namespace albert::train
