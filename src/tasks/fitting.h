#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "metrics/calibration.h"
#include "model/head_config.h"
#include "model/item.h"
#include "tasks/definition.h"

/// What is found on development data after training and stored with the model: a temperature for the probabilities,
/// and thresholds for what is decided by them.
namespace albert::tasks {

/// An item that says what is right, and the model's scores of it.
struct ScoredItem {
  const model::Item* item = nullptr;
  std::span<const float> scores = {};
};

/// Finds the temperature, and by the probabilities under it the thresholds, that the settings leave to development
/// data. Items without labels do not count. Where no temperature is the best, it is 1; the log says so.
/// \param metric the figure that thresholds are to make largest
/// \return nothing where the settings leave nothing
std::optional<TaskDefinition> fit(const TaskDefinition& definition, const model::HeadConfig& head,
                                  std::string_view metric, std::span<const ScoredItem> items);

/// What answers are decided by where it is not the usual: "task.temperature 1.27, task.text.threshold 0.43"; empty if
/// it is, or is still left to development data.
std::string describe_decision(const TaskConfig& config);

/// Counts of each decision of labelled items how sure the model is of what it finds likeliest, and whether it is right:
/// of a class, of each tag, of each label to be there or not.
metrics::Calibration calibration_of(double temperature, model::HeadKind head, std::span<const ScoredItem> items);

}  // namespace albert::tasks
