#include "metrics/label_counts.h"

namespace albert::metrics {

void LabelCounts::add(std::span<const std::int32_t> labels, double weight) {
  for (const std::int32_t label : labels) counts_[label] += weight;
  total_ += weight * static_cast<double>(labels.size());
}

std::optional<std::pair<std::int32_t, double>> LabelCounts::most_frequent() const {
  if (counts_.empty()) return std::nullopt;
  std::pair<std::int32_t, double> best{};
  for (const auto& [label, count] : counts_) {
    if (count > best.second || (count == best.second && label < best.first)) best = {label, count};
  }
  return std::pair(best.first, best.second / total_);
}

}  // namespace albert::metrics
