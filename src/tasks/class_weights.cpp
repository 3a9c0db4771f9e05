#include "tasks/class_weights.h"

#include <algorithm>
#include <utility>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/log.h"
#include "base/shown.h"

namespace albert::tasks {

ClassCounts count_classes(const ItemSet& items, const model::HeadConfig& head) {
  ClassCounts counts{.of_class = std::vector<std::int64_t>(static_cast<std::size_t>(head.num_labels))};
  for (std::size_t i = 0; i < items.num_items(); ++i) {
    const model::Item& item = items.item(i);
    const bool has_marks = head.kind == model::HeadKind::kMultilabel;
    counts.num_examples += has_marks ? 1 : static_cast<std::int64_t>(item.labels.size());
    for (const std::int64_t label : item.labels) ++counts.of_class.at(static_cast<std::size_t>(label));
    for (std::size_t c = 0; has_marks && c < item.values.size(); ++c) counts.of_class.at(c) += item.values[c] > 0;
  }
  return counts;
}

std::vector<float> balanced_weights(const ClassCounts& counts) {
  const auto num_seen = std::ranges::count_if(counts.of_class, [](std::int64_t count) { return count > 0; });
  std::vector<float> weights;
  for (const std::int64_t count : counts.of_class) {
    const double weight = static_cast<double>(counts.num_examples) / static_cast<double>(num_seen * count);
    weights.push_back(count > 0 ? static_cast<float>(weight) : 1);
  }
  return weights;
}

std::vector<float> balanced_label_weights(const ClassCounts& counts) {
  std::vector<float> weights;
  for (const std::int64_t count : counts.of_class) {
    const bool varies = count > 0 && count < counts.num_examples;
    const double weight = static_cast<double>(counts.num_examples - count) / static_cast<double>(count);
    weights.push_back(varies ? static_cast<float>(weight) : 1);
  }
  return weights;
}

std::vector<std::string> labels_without_examples(const Task& task, const ItemSet& training) {
  const std::vector<std::string>& labels = task.definition().labels;
  std::vector<std::string> absent;
  const model::HeadConfig head = task.head();
  if (labels.empty() || !std::cmp_equal(labels.size(), head.num_labels)) return absent;
  const ClassCounts counts = count_classes(training, head);
  for (std::size_t c = 0; c < labels.size(); ++c) {
    if (counts.of_class.at(c) == 0) absent.push_back(labels[c]);
  }
  return absent;
}

void warn_of_labels_without_examples(const Task& task, const ItemSet& training) {
  const std::vector<std::string> absent = labels_without_examples(task, training);
  if (absent.empty()) return;
  log_warning("the training data has no example of the labels {}, which the model will not learn to give",
              listed(absent));
}

model::LossConfig loss_config(const Task& task, const ItemSet& training) {
  const TaskDefinition& definition = task.definition();
  const config::WordOrNumbers& weights = definition.config.class_weights;
  model::LossConfig loss{.label_smoothing = definition.config.label_smoothing};
  if (weights.word == kBalanced) {
    const ClassCounts counts = count_classes(training, task.head());
    const bool has_marks = task.head().kind == model::HeadKind::kMultilabel;
    loss.class_weights = has_marks ? balanced_label_weights(counts) : balanced_weights(counts);
  }
  loss.class_weights.insert(loss.class_weights.end(), weights.numbers.begin(), weights.numbers.end());
  if (!loss.class_weights.empty() && loss.class_weights.size() != definition.labels.size()) {
    throw UsageError("task.class_weights: expected a weight for each of the {} labels '{}', in their order, found {}",
                     definition.labels.size(), fmt::join(definition.labels, "', '"), loss.class_weights.size());
  }
  return loss;
}

}  // namespace albert::tasks
