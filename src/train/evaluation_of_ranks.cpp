#include "train/evaluation_of_ranks.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json.h"

namespace albert::train {

namespace {

/// All of an evaluation, to the last bit.
std::string to_text(const std::optional<Evaluation>& evaluation) {
  const auto number = [](double value) { return std::bit_cast<std::uint64_t>(value); };
  if (!evaluation) return "null";
  nlohmann::json figures = nlohmann::json::array();
  for (const auto& [name, value] : evaluation->figures) figures.push_back({name, number(value)});
  nlohmann::json json = {{"figures", figures}, {"metric", evaluation->metric}, {"why", evaluation->why_no_value}};
  if (evaluation->value) json["value"] = number(*evaluation->value);
  return dump_json(json);
}

std::optional<Evaluation> to_evaluation(const std::string& text) {
  const nlohmann::json json = read_json(text);
  const auto number = [](const nlohmann::json& bits) { return std::bit_cast<double>(bits.get<std::uint64_t>()); };
  if (json.is_null()) return std::nullopt;
  Evaluation evaluation{.figures = {}, .metric = json.at("metric"), .why_no_value = json.at("why")};
  for (const auto& figure : json.at("figures")) evaluation.figures.emplace_back(figure[0], number(figure[1]));
  if (json.contains("value")) evaluation.value = number(json["value"]);
  return evaluation;
}

}  // namespace

std::optional<Evaluation> of_first_rank(parallel::Group& ranks, const std::optional<Evaluation>& evaluation) {
  return ranks.is_alone() ? evaluation : to_evaluation(ranks.broadcast(to_text(evaluation)));
}

void require_finite(const Evaluation& evaluation, std::int64_t step) {
  for (const auto& [name, value] : evaluation.figures) {
    if (std::isfinite(value)) continue;
    throw NumericalError(
        "step {}, held out: {} is {}: the weights after this step give no finite numbers. Try a lower "
        "optimizer.learning_rate, a longer schedule.warmup_steps or train.precision: float32",
        step, name, value);
  }
}

}  // namespace albert::train
