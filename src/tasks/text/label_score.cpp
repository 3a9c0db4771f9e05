#include "tasks/text/label_score.h"

#include <charconv>
#include <cmath>
#include <unordered_map>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "config/fields.h"
#include "metrics/classification.h"
#include "metrics/correlation.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

std::vector<double> numbers_of(std::span<const PlacedValue> values) {
  std::vector<double> numbers;
  numbers.reserve(values.size());
  for (const PlacedValue& value : values) numbers.push_back(number_of(value));
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

double number_of(const PlacedValue& value) {
  const std::string_view text = text::trim(value.value);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && std::isfinite(number)) return number;
  throw DataError("{}: expected a number, found '{}'{}", value.place.to_string(), value.value,
                  value.place.line == 1 ? "; if this row names the columns, set the task's header: present" : "");
}

std::vector<PlacedValue> values_of(std::span<const TextRecord> records) {
  std::vector<PlacedValue> values;
  values.reserve(records.size());
  for (const TextRecord& record : records) {
    if (record.labels.size() != 1 || record.labels[0].empty()) {
      throw DataError("{}: expected one value, found {}; score lists of labels as multilabel", record.place.to_string(),
                      record.labels.size() == 1 ? "an empty one" : std::to_string(record.labels.size()));
    }
    values.push_back({record.place, record.labels[0]});
  }
  return values;
}

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

}  // namespace albert::tasks
