#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "interop/onnx_file.h"
#include "interop/source_model.h"
#include "metrics/figures.h"

namespace albert::interop {

/// How a model does on data, and how it does as an int8 graph.
struct Int8Check {
  std::string data;    ///< what the figures are of
  std::string metric;  ///< the figure by which the task compares models: larger is better
  double points = 0;   ///< of 100 that 1 of the metric is
  metrics::Figures float32;
  metrics::Figures int8;

  /// By how many points of 100 the metric is worse in int8; below 0 where it is better.
  /// Throws ModelError if it could not be computed of the data.
  double loss() const;
};

/// Throws UsageError for a model that has no figures: one without a task.
void require_task(const SourceModel& source);

/// Evaluates a fine-tuned model on data twice: as it is, and with the matrices of an int8 graph in the place of its
/// own, their inputs rounded as DynamicQuantizeLinear does. Both are computed here in float32, over packed batches. A
/// runtime may round other batches otherwise, since the range of an input is that of its batch; and a processor without
/// VNNI may overflow, which is not seen here.
/// \param graph of the model in int8
/// \param data files and folders, as `albert evaluate --data` takes them
/// Throws UsageError for a model without a task and for data without labels; DataError, IoError.
Int8Check check_int8(const SourceModel& source, const OnnxModel& graph, const std::vector<std::filesystem::path>& data);

}  // namespace albert::interop
