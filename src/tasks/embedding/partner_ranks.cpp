#include "tasks/embedding/partner_ranks.h"

#include <array>

namespace albert::tasks {

namespace {

constexpr std::size_t kLanes = 16;  ///< sums kept apart, so that the compiler may use vector instructions

float dot(std::span<const float> a, std::span<const float> b) {
  std::array<float, kLanes> sums{};
  std::size_t i = 0;
  for (; i + kLanes <= a.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  }
  float sum = 0;
  for (; i < a.size(); ++i) sum += a[i] * b[i];
  for (const float lane : sums) sum += lane;
  return sum;
}

}  // namespace

std::vector<std::int64_t> partner_ranks(std::span<const std::span<const float>> first,
                                        std::span<const std::span<const float>> second,
                                        const std::function<bool(std::size_t i, std::size_t j)>& is_partner) {
  std::vector<std::int64_t> ranks(first.size(), 1);
  for (std::size_t i = 0; i < first.size(); ++i) {
    const float own = dot(first[i], second[i]);
    for (std::size_t j = 0; j < second.size(); ++j) {
      if (j == i || dot(first[i], second[j]) < own) continue;
      if (!is_partner(i, j)) ++ranks[i];
    }
  }
  return ranks;
}

}  // namespace albert::tasks
