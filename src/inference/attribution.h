#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/item.h"
#include "model/task_model.h"
#include "text/tokenizer.h"

/// Which tokens of a text a score is due to: integrated gradients (Sundararajan et al., "Axiomatic Attribution for Deep
/// Networks", arXiv 1703.01365), taken at the output of the embeddings. They are added up along the straight path from the
/// embeddings of as many [PAD], with [CLS] and [SEP] in their places, to those of the text. Zeros are no such beginning:
/// what the encoder makes of them jumps as soon as they are left, because of its layer norms.
namespace albert::inference {

struct AttributionOptions {
  int num_steps =
      32;  ///< points of the path at first (Gauss and Legendre's); as long as they are too few, twice as many
  int max_steps = 512;
  /// How much of the difference of the scores may be missing from the sum of the attributions.
  double tolerance = 0.002;
  std::int64_t batch_tokens = 4096;  ///< that go through the model together at most
};

struct Attribution {
  std::vector<double> tokens;  ///< [L] what each token adds to the score; below 0 where it takes from it
  double score = 0;            ///< of the text, before any softmax
  double baseline_score = 0;   ///< of [PAD] alone
  int num_steps = 0;           ///< points of the path that were taken

  /// The sum over the tokens: score - baseline_score, but for what the points of the path leave out ("completeness").
  double sum() const;
};

/// What each token of a text adds to one of its scores.
/// \param item of one sequence, for a head whose scores are one row an item
/// \param score which of the scores [C]
/// Throws InternalError for an item of another shape.
Attribution attribute(const model::TaskModel& model, const text::SpecialIds& special, const model::Item& item,
                      std::size_t score, const AttributionOptions& options = {});

/// A point of a path from 0 to 1, and what it counts.
struct PathPoint {
  double at = 0;
  double weight = 0;
};

/// The points of Gauss and Legendre's rule, which integrates polynomials of a degree below 2 n exactly.
/// \param count n, at least 1
std::vector<PathPoint> gauss_legendre(int count);

}  // namespace albert::inference
