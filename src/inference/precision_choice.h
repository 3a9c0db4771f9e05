#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "model/compute.h"

namespace albert::inference {

/// What a model reached on its development data in each precision, by the figure that models of its task are compared
/// by. It lies in the model's folder, in precisions.json, and belongs to the weights there.
struct MeasuredPrecisions {
  std::string metric;
  std::map<model::Precision, double> values;

  /// "float32 accuracy 0.9128, bfloat16 0.9128, int8 0.9117"
  std::string to_string() const;
};

/// Where a model folder has them.
std::filesystem::path measured_precisions_file(const std::filesystem::path& folder);

void write_measured_precisions(const std::filesystem::path& folder, const MeasuredPrecisions& measured);

/// What evaluate(precision) gives in all precisions that this processor predicts fast in, beside that in float32.
/// \param evaluate the metric's value, higher being better; nothing where it has none
MeasuredPrecisions measure_precisions(const std::string& metric, double in_float32,
                                      const std::function<std::optional<double>(model::Precision)>& evaluate);

/// Nothing where the folder has none.
/// Throws ModelError for a file that is none of these.
std::optional<MeasuredPrecisions> read_measured_precisions(const std::filesystem::path& folder);

/// How much worse than in float32 a model may be in a precision that is chosen for it: half a point of a hundred.
inline constexpr double kTolerance = 0.005;

/// model::set_up_compute() for a model that is only predicted with. A precision that is left open (--precision auto) is
/// the fastest of this processor in which the model was measured, and found at most kTolerance worse than in float32;
/// float32 where nothing was measured.
/// \param model as find_model_folder() takes it
model::Compute set_up_prediction(model::ComputeConfig& config, const std::filesystem::path& model);

}  // namespace albert::inference
