#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>

namespace albert::metrics {

/// How often each label occurs: what the best guess that never looks at its input would reach.
class LabelCounts {
 public:
  /// \param weight how much each of them counts
  void add(std::span<const std::int32_t> labels, double weight = 1);
  /// The most frequent label (of equals, the smallest) and its share of all; nothing without labels.
  std::optional<std::pair<std::int32_t, double>> most_frequent() const;

 private:
  std::unordered_map<std::int32_t, double> counts_;
  double total_ = 0;
};

}  // namespace albert::metrics
