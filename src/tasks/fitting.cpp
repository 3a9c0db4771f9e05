#include "tasks/fitting.h"

#include <array>
#include <deque>
#include <vector>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/log.h"
#include "metrics/threshold.h"
#include "tasks/common/class_scores.h"

namespace albert::tasks {

namespace {

using model::HeadKind;

/// The decisions of all items, as a softmax has them.
class Decisions {
 public:
  Decisions(HeadKind head, std::span<const ScoredItem> items) {
    for (const auto& [item, scores] : items) {
      if (head == HeadKind::kMultilabel) {
        add_labels(*item, scores);
      } else {
        add_classes(*item, scores);
      }
    }
  }
  std::span<const metrics::ScoredDecision> all() const { return all_; }

 private:
  /// The logistic function of a score is the softmax of 0 and the score.
  void add_labels(const model::Item& item, std::span<const float> scores) {
    for (std::size_t c = 0; c < item.values.size(); ++c) {
      pairs_.push_back({0, scores[c]});
      all_.push_back({pairs_.back(), item.values[c] > 0 ? std::size_t{1} : std::size_t{0}});
    }
  }
  void add_classes(const model::Item& item, std::span<const float> scores) {
    if (item.labels.empty()) return;
    const std::size_t num_classes = scores.size() / item.labels.size();
    for (std::size_t i = 0; i < item.labels.size(); ++i) {
      const auto label = static_cast<std::size_t>(item.labels[i]);
      if (label < num_classes) all_.push_back({scores.subspan(i * num_classes, num_classes), label});
    }
  }

  std::deque<std::array<float, 2>> pairs_;  ///< which stay where they are
  std::vector<metrics::ScoredDecision> all_;
};

double temperature_of(HeadKind head, std::span<const ScoredItem> items) {
  const auto found = metrics::fit_temperature(Decisions(head, items).all());
  if (!found) {
    log_warning(
        "task.temperature: fit: the likelihood of the development data grows without end as the temperature falls or "
        "rises, as where all of it is predicted right or the scores tell nothing; it stays 1");
  }
  return found.value_or(1);
}

/// The probabilities that thresholds are for, and what is right.
struct Probabilities {
  std::vector<double> values;
  std::vector<bool> are_right;

  /// Those of one label of C.
  Probabilities of_label(std::size_t label, std::size_t num_labels) const {
    Probabilities of_label;
    for (std::size_t i = label; i < values.size(); i += num_labels) {
      of_label.values.push_back(values[i]);
      of_label.are_right.push_back(are_right[i]);
    }
    return of_label;
  }
};

Probabilities probabilities_of(HeadKind head, std::span<const ScoredItem> items, double temperature) {
  Probabilities found;
  for (const auto& [item, scores] : items) {
    if (head == HeadKind::kMultilabel) {
      for (std::size_t c = 0; c < item->values.size(); ++c) {
        found.values.push_back(logistic(scores[c], temperature));
        found.are_right.push_back(item->values[c] > 0);
      }
    } else if (!item->labels.empty()) {
      found.values.push_back(softmax_at(1, scores, temperature));
      found.are_right.push_back(item->labels.front() == 1);
    }
  }
  return found;
}

std::vector<double> thresholds_of(const model::HeadConfig& head, bool is_for_each, std::string_view metric,
                                  const Probabilities& found) {
  if (head.kind != HeadKind::kMultilabel) {
    return {metrics::best_class_threshold(found.values, found.are_right, metric)};
  }
  const auto num_labels = static_cast<std::size_t>(head.num_labels);
  if (!is_for_each) return {metrics::best_label_threshold(found.values, found.are_right, num_labels, metric)};
  std::vector<double> thresholds;
  for (std::size_t label = 0; label < num_labels; ++label) {
    const Probabilities of_label = found.of_label(label, num_labels);
    thresholds.push_back(metrics::best_class_threshold(of_label.values, of_label.are_right, "f1"));
  }
  return thresholds;
}

}  // namespace

std::optional<TaskDefinition> fit(const TaskDefinition& definition, const model::HeadConfig& head,
                                  std::string_view metric, std::span<const ScoredItem> items) {
  if (!definition.config.needs_fitting()) return std::nullopt;
  TaskDefinition fitted = definition;
  config::WordOrNumbers& temperature = fitted.config.temperature;
  if (!temperature.word.empty()) temperature = {.numbers = {temperature_of(head.kind, items)}};
  config::WordOrNumbers* threshold = fitted.config.settings().decision_threshold();
  if (threshold && !threshold->word.empty()) {
    const Probabilities found = probabilities_of(head.kind, items, temperature.numbers.front());
    *threshold = {.numbers = thresholds_of(head, threshold->word == kSearchEach, metric, found)};
  }
  return fitted;
}

std::string describe_decision(const TaskConfig& config) {
  const TaskConfig usual(config.type());
  std::vector<std::string> parts;
  const auto add = [&](std::string_view name, const config::WordOrNumbers& value, const config::WordOrNumbers& other) {
    if (value.word.empty() && value != other)
      parts.push_back(fmt::format("{} {:.6g}", name, fmt::join(value.numbers, " ")));
  };
  add("task.temperature", config.temperature, usual.temperature);
  if (const auto* threshold = config.settings().decision_threshold()) {
    const std::string name = fmt::format("task.{}.threshold", config.type().group);
    add(name, *threshold, *usual.settings().decision_threshold());
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

metrics::Calibration calibration_of(double temperature, HeadKind head, std::span<const ScoredItem> items) {
  metrics::Calibration calibration;
  const Decisions decisions(head, items);
  for (const auto& [scores, label] : decisions.all()) {
    const std::size_t likeliest = index_of_best(scores);
    calibration.add(softmax_at(likeliest, scores, temperature), likeliest == label);
  }
  return calibration;
}

}  // namespace albert::tasks
