#pragma once

#include <span>
#include <string>
#include <vector>

#include "datasets/place.h"
#include "metrics/report.h"

namespace albert::datasets {

/// What a file says of an example: a label, or a number as it is written.
struct PlacedValue {
  Place place;
  std::string value;
};

/// The figures of classification. \param gold, predicted [n] the same examples in the same order
/// \param labels in the order of the classes Throws DataError naming the place of a label that is none of them.
metrics::Report judge_labels(std::span<const PlacedValue> gold, std::span<const PlacedValue> predicted,
                             std::span<const std::string> labels);

/// The figures of regression. Throws DataError naming the place of what is no number.
metrics::Report judge_numbers(std::span<const PlacedValue> gold, std::span<const PlacedValue> predicted);

/// All different values of both, sorted; as numbers if they all are whole numbers.
std::vector<std::string> labels_in(std::span<const PlacedValue> gold, std::span<const PlacedValue> predicted);

}  // namespace albert::datasets
