#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>

#include "downstream/downstream.h"
#include "inference/open_model.h"
#include "model/compute.h"

namespace albert::inference {

struct PredictOptions {
  downstream::RecordFormat format = downstream::RecordFormat::kText;
  bool strict = false;  ///< stop at the first record that cannot be read
  std::int64_t window_records =
      512;  ///< records read ahead at most, so that those of like length are computed together
  std::int64_t window_tokens = 16384;
  std::int64_t batch_tokens = 4096;  ///< see tasks::ScoringOptions
};

struct PredictReport {
  std::int64_t num_records = 0;  ///< predicted
  std::int64_t num_bad = 0;      ///< that could not be read; each was reported with its line
};

/// Reads records from a descriptor and writes a prediction for each, in the order of the input, as they come: memory
/// does not grow with the length of the stream. A window ends when it is full, or when the input pauses. A record that
/// cannot be read is reported and left out, or with `strict` thrown as DataError.
PredictReport predict(const TaskModelFolder& opened, const model::Compute& compute, int input, std::FILE* output,
                      const PredictOptions& options);

}  // namespace albert::inference
