#include "datasets/score/labels.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <unordered_map>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "config/fields.h"
#include "metrics/classification.h"
#include "metrics/correlation.h"
#include "text/whitespace.h"

namespace albert::datasets {

namespace {

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<double> numbers_of(std::span<const PlacedValue> values) {
  std::vector<double> numbers;
  for (const auto& [place, value] : values) {
    const auto number = parse_number<double>(text::trim(value));
    if (!number) throw DataError("{}: expected a number, found '{}'", place.to_string(), value);
    numbers.push_back(*number);
  }
  return numbers;
}

/// Labels by number, and back.
class Classes {
 public:
  explicit Classes(std::span<const std::string> labels) : labels_(labels.begin(), labels.end()) {
    for (std::size_t i = 0; i < labels.size(); ++i) numbers_.emplace(labels[i], i);
  }

  std::int64_t number(const PlacedValue& label) const {
    const auto found = numbers_.find(label.value);
    if (found != numbers_.end()) return static_cast<std::int64_t>(found->second);
    const std::string near = config::nearest(label.value, labels_);
    throw DataError("{}: expected one of the labels '{}', found '{}'{}", label.place.to_string(),
                    fmt::join(labels_, "', '"), label.value, near.empty() ? "" : fmt::format("; is it '{}'?", near));
  }

 private:
  std::vector<std::string> labels_;
  std::unordered_map<std::string, std::size_t> numbers_;
};

}  // namespace

metrics::Report judge_labels(std::span<const PlacedValue> gold, std::span<const PlacedValue> predicted,
                             std::span<const std::string> labels) {
  const Classes classes(labels);
  metrics::ConfusionMatrix matrix(static_cast<std::int64_t>(labels.size()));
  for (std::size_t i = 0; i < gold.size(); ++i) matrix.add(classes.number(gold[i]), classes.number(predicted[i]));
  return metrics::judge_classification(matrix, labels);
}

metrics::Report judge_numbers(std::span<const PlacedValue> gold, std::span<const PlacedValue> predicted) {
  return metrics::judge_correlation(numbers_of(gold), numbers_of(predicted));
}

std::vector<std::string> labels_in(std::span<const PlacedValue> gold, std::span<const PlacedValue> predicted) {
  std::set<std::string> different;
  for (const PlacedValue& label : gold) different.insert(label.value);
  for (const PlacedValue& label : predicted) different.insert(label.value);
  std::vector<std::string> labels(different.begin(), different.end());
  const auto number = [](const std::string& label) { return parse_number<std::int64_t>(label); };
  if (std::ranges::all_of(labels, [&](const std::string& label) { return number(label).has_value(); })) {
    std::ranges::stable_sort(labels, {}, number);
  }
  return labels;
}

}  // namespace albert::datasets
