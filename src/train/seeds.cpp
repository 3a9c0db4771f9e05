#include "train/seeds.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace albert::train {

namespace {

/// Null if no run has a value.
const SeedResult* find_best(const std::vector<SeedResult>& results) {
  const SeedResult* best = nullptr;
  for (const SeedResult& result : results) {
    if (result.run.best && (!best || result.run.best->value > best->run.best->value)) best = &result;
  }
  return best;
}

std::string folder_of(const SeedResult& result) {
  return result.run_dir.filename().string();
}

}  // namespace

std::optional<double> median_of_best(const std::vector<SeedResult>& results) {
  std::vector<double> values;
  for (const SeedResult& result : results) {
    if (!result.run.best) return std::nullopt;
    values.push_back(result.run.best->value);
  }
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::string to_json(const std::vector<SeedResult>& results) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  if (const SeedResult* best = find_best(results)) {
    object["metric"] = best->run.best->metric;
    if (const auto median = median_of_best(results)) object["median"] = *median;
    object["best"] = folder_of(*best);
  }
  for (const SeedResult& result : results) {
    nlohmann::ordered_json& run = object["runs"].emplace_back();
    run = {{"seed", result.seed}, {"folder", folder_of(result)}};
    if (!result.run.best) continue;
    run["value"] = result.run.best->value;
    run["step"] = result.run.best->step;
  }
  return object.dump(2) + "\n";
}

}  // namespace albert::train
