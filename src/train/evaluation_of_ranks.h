#pragma once

#include <optional>

#include "parallel/group.h"
#include "train/objective.h"

namespace albert::train {

/// What rank 0 found in an evaluation, on all ranks and to the last bit. All of them call it.
std::optional<Evaluation> of_first_rank(parallel::Group& ranks, const std::optional<Evaluation>& evaluation);

}  // namespace albert::train
