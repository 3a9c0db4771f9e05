#include "tasks/embedding/target.h"

#include <cmath>

#include "base/error.h"

namespace albert::tasks {

double target_cosine(double score, double max_score, const Place& place) {
  if (std::abs(score) <= max_score) return score / max_score;
  throw DataError(
      "{}: the score {} is beyond {}, that of texts which mean the same; correct it, or set task.embedding.max_score",
      place.to_string(), score, max_score);
}

}  // namespace albert::tasks
