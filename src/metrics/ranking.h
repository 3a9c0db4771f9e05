#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "metrics/figures.h"

namespace albert::metrics {

/// How far down a ranked list what was looked for is found, over many queries.
class RankingMeans {
 public:
  /// \param cutoffs the k of recall@k, each at least 1
  explicit RankingMeans(std::vector<std::int64_t> cutoffs);

  /// Adds a query.
  /// \param ranks of everything that should be found, from 1, in any order; not empty
  void add(std::span<const std::int64_t> ranks);

  /// The means over the queries:
  /// - mrr: of 1 / rank of the first thing found
  /// - recall_at_K: of the share of what should be found that is among the first K
  Figures figures() const;

 private:
  std::vector<std::int64_t> cutoffs_;
  std::vector<Mean> recalls_;
  Mean reciprocal_rank_;
};

}  // namespace albert::metrics
