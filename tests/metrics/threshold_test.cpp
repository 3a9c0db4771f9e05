#include "metrics/threshold.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "metrics/classification.h"
#include "metrics/multilabel.h"

namespace albert::metrics {
namespace {

constexpr std::size_t kNumLabels = 3;
const std::vector<std::string> kLabels = {"a", "b", "c"};

struct Decisions {
  std::vector<double> probabilities;
  std::vector<bool> are_right;

  explicit Decisions(std::size_t count) {
    Random random(7, 1);
    for (std::size_t i = 0; i < count; ++i) {
      probabilities.push_back(static_cast<double>(random.below(40)) / 40);  // some are equal
      are_right.push_back(random.below(100) < 20 + 60 * probabilities.back());
    }
  }
};

double class_figure(const Decisions& decisions, double threshold, const std::string& figure) {
  ConfusionMatrix matrix(2);
  for (std::size_t i = 0; i < decisions.are_right.size(); ++i) {
    matrix.add(decisions.are_right[i], decisions.probabilities[i] > threshold);
  }
  return find(judge_classification(matrix, std::span(kLabels).first(2)).figures, figure).value();
}

double label_figure(const Decisions& decisions, double threshold, const std::string& figure) {
  MultilabelCounts counts(kNumLabels);
  for (std::size_t i = 0; i < decisions.are_right.size(); i += kNumLabels) {
    std::vector<bool> gold, predicted;
    for (std::size_t c = i; c < i + kNumLabels; ++c) {
      gold.push_back(decisions.are_right[c]);
      predicted.push_back(decisions.probabilities[c] >= threshold);
    }
    counts.add(gold, predicted);
  }
  return find(judge_multilabel(counts, kLabels).figures, figure).value();
}

/// The best that any threshold gives.
template <typename Figure>
double best_of_all(const Decisions& decisions, const Figure& figure) {
  double best = figure(0);
  for (const double p : decisions.probabilities) best = std::max({best, figure(p - 1e-9), figure(p + 1e-9)});
  return best;
}

TEST(Threshold, OfTwoClassesIsTheBestOfAll) {
  const Decisions decisions(100);
  for (const std::string figure : {"accuracy", "micro_f1", "macro_f1", "matthews", "f1"}) {
    const auto value = [&](double threshold) { return class_figure(decisions, threshold, figure); };
    const double found = best_class_threshold(decisions.probabilities, decisions.are_right, figure);
    EXPECT_NEAR(value(found), best_of_all(decisions, value), 1e-12) << figure;
  }
  EXPECT_EQ(best_class_threshold(decisions.probabilities, decisions.are_right, "recall"),
            best_class_threshold(decisions.probabilities, decisions.are_right, "f1"));
}

TEST(Threshold, OfLabelsIsTheBestOfAll) {
  const Decisions decisions(120);
  for (const std::string figure : {"accuracy", "micro_f1", "macro_f1"}) {
    const auto value = [&](double threshold) { return label_figure(decisions, threshold, figure); };
    const double found = best_label_threshold(decisions.probabilities, decisions.are_right, kNumLabels, figure);
    EXPECT_NEAR(value(found), best_of_all(decisions, value), 1e-12) << figure;
  }
}

TEST(Threshold, LiesMidwayAndIfItCanAtTheUsualOne) {
  EXPECT_EQ(best_class_threshold(std::vector<double>{0.9, 0.7, 0.6}, {true, true, false}, "f1"), (0.6 + 0.7) / 2);
  EXPECT_EQ(best_class_threshold(std::vector<double>{0.9, 0.2}, {true, false}, "f1"), 0.5);
  EXPECT_EQ(best_class_threshold({}, {}, "f1"), 0.5);
}

}  // namespace
}  // namespace albert::metrics
