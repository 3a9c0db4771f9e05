#pragma once

#include <span>
#include <string>
#include <string_view>

#include "metrics/match_scores.h"

namespace albert::metrics {

/// The counts of a class, a type or a relation.
struct NamedCounts {
  std::string name;
  MatchCounts counts;
};

/// For people: precision, recall, F1 and support, a line each.
/// \param heading what the names are: "class"
std::string match_table(std::span<const NamedCounts> rows, std::string_view heading, double scale = 1);

/// For programs: a JSON list of objects with the name under `heading`.
/// \param scale 100 for percent
std::string match_json(std::span<const NamedCounts> rows, std::string_view heading, double scale = 1);

}  // namespace albert::metrics
