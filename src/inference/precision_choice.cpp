#include "inference/precision_choice.h"

#include <algorithm>
#include <array>
#include <vector>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "inference/open_model.h"

namespace albert::inference {

namespace {

constexpr std::array kAll = {model::Precision::kFloat32, model::Precision::kBFloat16, model::Precision::kInt8};

bool is_good(const MeasuredPrecisions& measured, model::Precision precision) {
  const auto exact = measured.values.find(model::Precision::kFloat32);
  const auto found = measured.values.find(precision);
  return exact != measured.values.end() && found != measured.values.end() &&
         found->second >= exact->second - kTolerance;
}

model::Precision choose_precision(const fs::path& model) {
  const auto measured = read_measured_precisions(find_model_folder(model));
  if (!measured) {
    log_info(
        "precision: float32; in others nothing was measured of this model (fine-tuning measures it, and of a model "
        "with a "
        "task `albert evaluate --measure-precisions`); --precision takes one all the same");
    return model::Precision::kFloat32;
  }
  const std::vector<model::Precision> fast = model::fast_precisions();
  const auto good = std::ranges::find_if(fast, [&](auto precision) { return is_good(*measured, precision); });
  const model::Precision chosen = good == fast.end() ? model::Precision::kFloat32 : *good;
  log_info("precision: {}; on development data: {}", name_of(chosen), measured->to_string());
  return chosen;
}

}  // namespace

std::string MeasuredPrecisions::to_string() const {
  std::vector<std::string> words;
  for (const auto& [precision, value] : values)
    words.push_back(fmt::format("{} {}{:.4f}", name_of(precision), words.empty() ? metric + " " : "", value));
  return fmt::format("{}", fmt::join(words, ", "));
}

fs::path measured_precisions_file(const fs::path& folder) {
  return folder / "precisions.json";
}

MeasuredPrecisions measure_precisions(const std::string& metric, double in_float32,
                                      const std::function<std::optional<double>(model::Precision)>& evaluate) {
  MeasuredPrecisions measured{metric, {{model::Precision::kFloat32, in_float32}}};
  for (const model::Precision precision : model::fast_precisions()) {
    if (const auto value = evaluate(precision)) measured.values[precision] = *value;
  }
  return measured;
}

void write_measured_precisions(const fs::path& folder, const MeasuredPrecisions& measured) {
  nlohmann::ordered_json json = {{"metric", measured.metric}};
  for (const auto& [precision, value] : measured.values) json[std::string(name_of(precision))] = value;
  write_file_atomically(measured_precisions_file(folder), dump_json(json, 2) + "\n");
}

std::optional<MeasuredPrecisions> read_measured_precisions(const fs::path& folder) {
  const fs::path file = measured_precisions_file(folder);
  if (!is_there(file)) return std::nullopt;
  const std::string text = read_file(file, kMaxConfigBytes);
  try {
    const nlohmann::json json = read_json(text);
    MeasuredPrecisions measured{.metric = json_value<std::string>(json_member(json, "metric"), "metric"), .values = {}};
    for (const model::Precision precision : kAll) {
      const std::string name(name_of(precision));
      if (const auto* value = find_json_member(json, name))
        measured.values[precision] = json_value<double>(*value, name);
    }
    return measured;
  } catch (const nlohmann::json::exception& error) {
    throw ModelError("{}: {}; remove the file, or say --precision", file.string(), json_problem(error));
  }
}

model::Compute set_up_prediction(model::ComputeConfig& config, const fs::path& model) {
  if (!config.precision && !model::computes_on_gpu(config)) config.precision = choose_precision(model);
  model::Compute compute = model::set_up_compute(config);
  compute.is_frozen = true;
  return compute;
}

}  // namespace albert::inference
