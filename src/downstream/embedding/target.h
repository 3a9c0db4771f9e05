#pragma once

#include "datasets/place.h"

namespace albert::downstream {

/// The score of a pair as the cosine that it should have. \param max_score of texts that mean the same
/// Throws DataError for a score beyond it.
double target_cosine(double score, double max_score, const datasets::Place& place);

}  // namespace albert::downstream
