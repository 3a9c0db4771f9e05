#include "metrics/relations.h"

#include <vector>

#include <nlohmann/json.hpp>

#include "metrics/match_table.h"

namespace albert::metrics {

namespace {

constexpr std::string_view kOther = "Other";
constexpr double kPercent = 100;

std::string_view without_direction(std::string_view label) {
  for (const std::string_view direction : {"(e1,e2)", "(e2,e1)"}) {
    if (label.ends_with(direction)) return label.substr(0, label.size() - direction.size());
  }
  return label;
}

}  // namespace

void RelationCounts::add(std::string_view gold, std::string_view predicted) {
  const bool correct = gold == predicted;
  ++num_examples_;
  num_correct_ += correct;
  counts_of(gold) += {.correct = correct, .gold = 1};
  counts_of(predicted) += {.predicted = 1};
}

MatchCounts& RelationCounts::counts_of(std::string_view label) {
  if (label == kOther) return other_;
  return relations_[std::string(without_direction(label))];
}

Report judge_relations(const RelationCounts& counts) {
  std::vector<NamedCounts> relations;
  Mean f1;
  for (const auto& [name, relation] : counts.relations()) {
    relations.push_back({name, relation});
    f1.add(scores_of(relation).f1);
  }
  Report report{.table = match_table(relations, "relation", kPercent),
                .json = nlohmann::ordered_json{{"relations", nlohmann::ordered_json::parse(
                                                                 match_json(relations, "relation", kPercent))}}
                            .dump()};
  if (const auto mean = f1.value()) report.figures.emplace_back("macro_f1", kPercent * *mean);
  const Mean accuracy{static_cast<double>(counts.num_correct()), static_cast<double>(counts.num_examples())};
  if (const auto mean = accuracy.value()) report.figures.emplace_back("accuracy", kPercent * *mean);
  return report;
}

}  // namespace albert::metrics
