#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <vector>

#include "model/compute.h"
#include "report/page.h"
#include "report/run_data.h"

namespace albert::report {

struct EvaluationOptions {
  std::vector<std::filesystem::path> data;  ///< in the place of what run.yaml names; empty: that
  std::size_t num_explained = 0;            ///< predictions of classes for which the words that mattered are shown
};

/// The data that a fine-tuning was started with.
/// \param run its folder
/// Throws UsageError or DataError where its run.yaml does not say it, or the data are gone; IoError.
std::vector<std::filesystem::path> data_of_run(const std::filesystem::path& run);

/// How the best model of a fine-tuning does on its development data, evaluated again as `albert evaluate` does, and what
/// there is to see in its answers. Where the model or the data are gone, the section says so.
/// \param number of the section among those of evaluations, for its id
/// \return nothing for a run of another kind
/// Throws as inference::examine_file() for data that EvaluationOptions names.
std::optional<Section> evaluation_section(const RunData& run, const EvaluationOptions& options,
                                          const model::Compute& compute, std::size_t number);

}  // namespace albert::report
