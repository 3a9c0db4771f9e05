#pragma once

#include <span>
#include <string>
#include <vector>

#include "metrics/report.h"
#include "tasks/common/place.h"
#include "tasks/text/record.h"

namespace albert::tasks {

/// What a file says of an example: a label, or a number as it is written.
struct PlacedValue {
  Place place;
  std::string value;
};

/// The only value of each record. Throws DataError for one that is empty, and for a list.
std::vector<PlacedValue> values_of(std::span<const TextRecord> records);

/// A finite number. Throws DataError naming the place of anything else.
double number_of(const PlacedValue& value);

/// The figures of classification. \param gold, predicted [n] the same examples in the same order
/// \param labels in the order of the classes Throws DataError naming the place of a label that is none of them.
metrics::Report judge_labels(std::span<const PlacedValue> gold, std::span<const PlacedValue> predicted,
                             std::span<const std::string> labels);

/// The figures of regression. Throws DataError naming the place of what is no number.
metrics::Report judge_numbers(std::span<const PlacedValue> gold, std::span<const PlacedValue> predicted);

}  // namespace albert::tasks
