#include "metrics/classification.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "metrics/match_table.h"

namespace albert::metrics {

namespace {

std::vector<NamedCounts> classes_of(const ConfusionMatrix& matrix, std::span<const std::string> labels) {
  std::vector<NamedCounts> classes;
  classes.reserve(labels.size());
  for (std::int64_t c = 0; c < matrix.num_classes(); ++c) {
    classes.push_back({labels[static_cast<std::size_t>(c)], class_counts(matrix, c)});
  }
  return classes;
}

std::string details(const ConfusionMatrix& matrix, std::span<const NamedCounts> classes) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (std::int64_t gold = 0; gold < matrix.num_classes(); ++gold) {
    nlohmann::ordered_json row = nlohmann::ordered_json::array();
    for (std::int64_t predicted = 0; predicted < matrix.num_classes(); ++predicted) {
      row.push_back(matrix.count(gold, predicted));
    }
    rows.push_back(std::move(row));
  }
  const nlohmann::ordered_json object{{"classes", nlohmann::ordered_json::parse(match_json(classes, "label"))},
                                      {"confusion_matrix", std::move(rows)}};
  return object.dump();
}

}  // namespace

std::optional<double> accuracy(const ConfusionMatrix& matrix) {
  const Mean mean{.sum = static_cast<double>(matrix.num_correct()),
                  .count = static_cast<double>(matrix.num_examples())};
  return mean.value();
}

MatchCounts class_counts(const ConfusionMatrix& matrix, std::int64_t c) {
  return {.correct = matrix.count(c, c), .predicted = matrix.num_predicted(c), .gold = matrix.num_gold(c)};
}

std::optional<double> macro_f1(const ConfusionMatrix& matrix) {
  Mean mean;
  for (std::int64_t c = 0; c < matrix.num_classes(); ++c) {
    const MatchCounts counts = class_counts(matrix, c);
    if (counts.gold + counts.predicted > 0) mean.add(scores_of(counts).f1);
  }
  return mean.value();
}

std::optional<double> matthews(const ConfusionMatrix& matrix) {
  if (matrix.num_examples() == 0) return std::nullopt;
  const auto n = static_cast<double>(matrix.num_examples());
  // n^2 times the covariances of what is predicted and what is right, each as one of C unit vectors.
  double both = static_cast<double>(matrix.num_correct()) * n;
  double gold = n * n;
  double predicted = n * n;
  for (std::int64_t c = 0; c < matrix.num_classes(); ++c) {
    const auto num_gold = static_cast<double>(matrix.num_gold(c));
    const auto num_predicted = static_cast<double>(matrix.num_predicted(c));
    both -= num_gold * num_predicted;
    gold -= num_gold * num_gold;
    predicted -= num_predicted * num_predicted;
  }
  return gold * predicted == 0 ? 0 : both / std::sqrt(gold * predicted);
}

Report judge_classification(const ConfusionMatrix& matrix, std::span<const std::string> labels,
                            std::size_t num_predictable) {
  Report report;
  const std::vector<NamedCounts> classes = classes_of(matrix, labels);
  report.table = match_table(classes, "class") + "\n" + to_text(matrix, labels);
  report.json = details(matrix, classes);
  if (matrix.num_examples() == 0) return report;
  report.figures.emplace_back("accuracy", *accuracy(matrix));
  if (num_predictable == 2) {
    const MatchScores positive = scores_of(class_counts(matrix, 1));
    report.figures.emplace_back("f1", positive.f1);
    report.figures.emplace_back("precision", positive.precision);
    report.figures.emplace_back("recall", positive.recall);
  }
  report.figures.emplace_back("macro_f1", *macro_f1(matrix));
  report.figures.emplace_back("micro_f1", *accuracy(matrix));
  report.figures.emplace_back("matthews", *matthews(matrix));
  return report;
}

}  // namespace albert::metrics
