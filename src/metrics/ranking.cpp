#include "metrics/ranking.h"

#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "base/error.h"

namespace albert::metrics {

RankingMeans::RankingMeans(std::vector<std::int64_t> cutoffs)
    : cutoffs_(std::move(cutoffs)), recalls_(cutoffs_.size()) {}

void RankingMeans::add(std::span<const std::int64_t> ranks) {
  if (ranks.empty()) throw InternalError("a query that should find nothing has no recall");
  const std::int64_t first = *std::min_element(ranks.begin(), ranks.end());
  if (first < 1) throw InternalError("rank {}: expected ranks from 1", first);
  reciprocal_rank_.add(1 / static_cast<double>(first));
  for (std::size_t i = 0; i < cutoffs_.size(); ++i) {
    const auto found =
        std::count_if(ranks.begin(), ranks.end(), [&](std::int64_t rank) { return rank <= cutoffs_[i]; });
    recalls_[i].add(static_cast<double>(found) / static_cast<double>(ranks.size()));
  }
}

Figures RankingMeans::figures() const {
  Figures figures;
  if (const auto mrr = reciprocal_rank_.value()) figures.emplace_back("mrr", *mrr);
  for (std::size_t i = 0; i < cutoffs_.size(); ++i) {
    if (const auto recall = recalls_[i].value())
      figures.emplace_back(fmt::format("recall_at_{}", cutoffs_[i]), *recall);
  }
  return figures;
}

}  // namespace albert::metrics
