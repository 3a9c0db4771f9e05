#include "metrics/relations.h"

#include <algorithm>
#include <array>
#include <vector>

#include <nlohmann/json.hpp>

#include "metrics/match_table.h"

namespace albert::metrics {

namespace {

constexpr std::string_view kOther = "Other";
constexpr double kPercent = 100;

constexpr std::array<std::string_view, 9> kSemevalRelations = {
    "Cause-Effect",      "Component-Whole",   "Content-Container", "Entity-Destination", "Entity-Origin",
    "Instrument-Agency", "Member-Collection", "Message-Topic",     "Product-Producer"};

bool is_semeval_relation(std::string_view relation) {
  return std::ranges::find(kSemevalRelations, relation) != kSemevalRelations.end();
}

/// A relation that does not occur has an F1 of 0.
std::size_t num_averaged(const RelationCounts& counts) {
  const bool are_semevals =
      std::ranges::all_of(counts.relations(), [](const auto& entry) { return is_semeval_relation(entry.first); });
  return are_semevals ? kSemevalRelations.size() : counts.relations().size();
}

}  // namespace

std::span<const std::string_view> semeval_relations() {
  return kSemevalRelations;
}

std::string_view relation_of(std::string_view label) {
  for (const std::string_view direction : {"(e1,e2)", "(e2,e1)"}) {
    if (label.ends_with(direction)) return label.substr(0, label.size() - direction.size());
  }
  return label;
}

void RelationCounts::add(std::string_view gold, std::string_view predicted) {
  const bool correct = gold == predicted;
  ++num_examples_;
  num_correct_ += correct;
  counts_of(gold) += {.correct = correct, .gold = 1};
  counts_of(predicted) += {.predicted = 1};
}

MatchCounts& RelationCounts::counts_of(std::string_view label) {
  if (label == kOther) return other_;
  return relations_[std::string(relation_of(label))];
}

Report judge_relations(const RelationCounts& counts) {
  std::vector<NamedCounts> relations;
  double sum_f1 = 0;
  for (const auto& [name, relation] : counts.relations()) {
    relations.push_back({name, relation});
    sum_f1 += scores_of(relation).f1;
  }
  Report report{.table = match_table(relations, "relation", kPercent),
                .json = nlohmann::ordered_json{{"relations", nlohmann::ordered_json::parse(
                                                                 match_json(relations, "relation", kPercent))}}
                            .dump()};
  if (!relations.empty()) {
    report.figures.emplace_back("macro_f1", kPercent * sum_f1 / static_cast<double>(num_averaged(counts)));
  } else {
    report.undefined.emplace_back("macro_f1", "there is no relation but Other, neither right nor predicted");
  }
  const Mean accuracy{static_cast<double>(counts.num_correct()), static_cast<double>(counts.num_examples())};
  if (const auto mean = accuracy.value()) report.figures.emplace_back("accuracy", *mean);
  return report;
}

}  // namespace albert::metrics
