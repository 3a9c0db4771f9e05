#include "config/fields.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"

namespace albert::config {

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substituted});
    }
  }
  return row.back();
}

/// Words that differ in as many letters are no longer alike. Something of a word has to be there: '7' is not like '0'.
std::size_t distance_limit(std::string_view name) {
  return std::min(std::max<std::size_t>(2, name.size() / 3) + 1, name.size());
}

}  // namespace

std::string Bounds::to_string() const {
  const char* than = open ? "" : " or equal to";
  if (std::isinf(max)) return fmt::format("greater than{} {}", than, min);
  if (std::isinf(min)) return fmt::format("less than{} {}", than, max);
  return fmt::format("between {} and {}{}", min, max, open ? ", both excluded" : "");
}

void Checks::fail(std::string_view key, const std::string& message) {
  messages_.push_back(fmt::format("{}: {}: {}", locate_(key), key, message));
  keys_.emplace_back(key);
}

bool alike(std::string_view name, std::string_view other) {
  constexpr std::size_t kShortestPart = 3;
  const bool is_part = name.size() >= kShortestPart && other.find(name) != std::string_view::npos;
  return is_part || edit_distance(name, other) < distance_limit(name);
}

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = distance_limit(name);
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(name, candidate);
    const bool is_beginning = !best.empty() && !name.starts_with(best) && name.starts_with(candidate);  // '1' of '1.0'
    if (distance < best_distance || (distance == best_distance && is_beginning)) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace albert::config
