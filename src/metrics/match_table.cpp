#include "metrics/match_table.h"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "metrics/text_table.h"

namespace albert::metrics {

std::string match_table(std::span<const NamedCounts> rows, std::string_view heading, double scale) {
  TextTable table({std::string(heading), "precision", "recall", "f1", "support"}, /*num_left_aligned=*/1);
  const auto number = [&](double fraction) { return fmt::format("{:.{}f}", scale * fraction, scale == 1 ? 4 : 2); };
  for (const auto& [name, counts] : rows) {
    const MatchScores scores = scores_of(counts);
    table.add_row(
        {name, number(scores.precision), number(scores.recall), number(scores.f1), std::to_string(counts.gold)});
  }
  return table.to_text();
}

std::string match_json(std::span<const NamedCounts> rows, std::string_view heading, double scale) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const auto& [name, counts] : rows) {
    const MatchScores scores = scores_of(counts);
    list.push_back({{heading, name},
                    {"precision", scale * scores.precision},
                    {"recall", scale * scores.recall},
                    {"f1", scale * scores.f1},
                    {"support", counts.gold}});
  }
  return list.dump();
}

}  // namespace albert::metrics
