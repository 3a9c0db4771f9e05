#include "metrics/confusion_matrix.h"

#include <algorithm>

#include "base/error.h"
#include "metrics/text_table.h"

namespace albert::metrics {

namespace {

constexpr std::int64_t kMostClassesShown = 20;
constexpr std::size_t kMostConfusionsShown = 10;

std::string whole_matrix(const ConfusionMatrix& matrix, std::span<const std::string> labels) {
  std::vector<std::string> header{"", "gold \\ predicted"};
  for (std::int64_t c = 0; c < matrix.num_classes(); ++c) header.push_back(std::to_string(c));
  TextTable table(std::move(header), /*num_left_aligned=*/2);
  for (std::int64_t gold = 0; gold < matrix.num_classes(); ++gold) {
    std::vector<std::string> row{std::to_string(gold), labels[static_cast<std::size_t>(gold)]};
    for (std::int64_t predicted = 0; predicted < matrix.num_classes(); ++predicted) {
      row.push_back(std::to_string(matrix.count(gold, predicted)));
    }
    table.add_row(std::move(row));
  }
  return table.to_text();
}

std::string most_frequent_confusions(const ConfusionMatrix& matrix, std::span<const std::string> labels) {
  struct Confusion {
    std::int64_t gold, predicted, count;
  };
  std::vector<Confusion> confusions;
  for (std::int64_t gold = 0; gold < matrix.num_classes(); ++gold) {
    for (std::int64_t predicted = 0; predicted < matrix.num_classes(); ++predicted) {
      const std::int64_t count = matrix.count(gold, predicted);
      if (gold != predicted && count > 0) confusions.push_back({gold, predicted, count});
    }
  }
  std::stable_sort(confusions.begin(), confusions.end(),
                   [](const Confusion& a, const Confusion& b) { return a.count > b.count; });
  confusions.resize(std::min(confusions.size(), kMostConfusionsShown));
  TextTable table({"most frequent confusions: gold", "predicted", "examples"}, /*num_left_aligned=*/2);
  for (const auto& [gold, predicted, count] : confusions) {
    table.add_row(
        {labels[static_cast<std::size_t>(gold)], labels[static_cast<std::size_t>(predicted)], std::to_string(count)});
  }
  return table.to_text();
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(std::int64_t num_classes)
    : num_classes_(num_classes), counts_(static_cast<std::size_t>(num_classes * num_classes)) {}

void ConfusionMatrix::add(std::int64_t gold, std::int64_t predicted) {
  if (gold < 0 || gold >= num_classes_ || predicted < 0 || predicted >= num_classes_) {
    throw InternalError("gold class {} and predicted class {}: expected classes of [0, {})", gold, predicted,
                        num_classes_);
  }
  ++counts_[static_cast<std::size_t>(gold * num_classes_ + predicted)];
  ++num_examples_;
}

std::int64_t ConfusionMatrix::count(std::int64_t gold, std::int64_t predicted) const {
  return counts_[static_cast<std::size_t>(gold * num_classes_ + predicted)];
}

std::int64_t ConfusionMatrix::num_gold(std::int64_t c) const {
  std::int64_t sum = 0;
  for (std::int64_t predicted = 0; predicted < num_classes_; ++predicted) sum += count(c, predicted);
  return sum;
}

std::int64_t ConfusionMatrix::num_predicted(std::int64_t c) const {
  std::int64_t sum = 0;
  for (std::int64_t gold = 0; gold < num_classes_; ++gold) sum += count(gold, c);
  return sum;
}

std::int64_t ConfusionMatrix::num_correct() const {
  std::int64_t sum = 0;
  for (std::int64_t c = 0; c < num_classes_; ++c) sum += count(c, c);
  return sum;
}

std::string to_text(const ConfusionMatrix& matrix, std::span<const std::string> labels) {
  return matrix.num_classes() > kMostClassesShown ? most_frequent_confusions(matrix, labels)
                                                  : whole_matrix(matrix, labels);
}

}  // namespace albert::metrics
