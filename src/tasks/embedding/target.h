#pragma once

#include "tasks/common/place.h"

namespace albert::tasks {

/// The score of a pair as the cosine that it should have. \param max_score of texts that mean the same
/// Throws DataError for a score beyond it.
double target_cosine(double score, double max_score, const Place& place);

}  // namespace albert::tasks
