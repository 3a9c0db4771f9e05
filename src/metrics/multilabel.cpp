#include "metrics/multilabel.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "metrics/match_table.h"

namespace albert::metrics {

void MultilabelCounts::add(const std::vector<bool>& gold, const std::vector<bool>& predicted) {
  if (gold.size() != labels_.size() || predicted.size() != labels_.size()) {
    throw InternalError("{} gold and {} predicted labels, expected {}", gold.size(), predicted.size(), labels_.size());
  }
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    labels_[i] += {.correct = gold[i] && predicted[i], .predicted = predicted[i], .gold = gold[i]};
  }
  num_correct_ += gold == predicted;
  ++num_examples_;
}

Report judge_multilabel(const MultilabelCounts& counts, std::span<const std::string> labels) {
  std::vector<NamedCounts> classes;
  MatchCounts all;
  Mean f1;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const MatchCounts& label = counts.labels()[i];
    classes.push_back({labels[i], label});
    all += label;
    f1.add(scores_of(label).f1);
  }
  Report report{
      .table = match_table(classes, "label"),
      .json = nlohmann::ordered_json{{"classes", nlohmann::ordered_json::parse(match_json(classes, "label"))}}.dump()};
  if (counts.num_examples() == 0) return report;
  const MatchScores micro = scores_of(all);
  report.figures = {
      {"accuracy", static_cast<double>(counts.num_correct()) / static_cast<double>(counts.num_examples())},
      {"macro_f1", f1.value().value_or(0)},
      {"micro_f1", micro.f1},
      {"precision", micro.precision},
      {"recall", micro.recall}};
  return report;
}

}  // namespace albert::metrics
