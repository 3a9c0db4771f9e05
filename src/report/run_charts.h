#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/chart.h"
#include "report/run_data.h"

namespace albert::report {

/// What the name of a figure means, for people: "Loss of masked words (mlm_loss)", "Macro f1".
std::string figure_title(std::string_view name);

/// The charts of all figures that runs have recorded, in three parts with headings: what was learnt, the schedules, and
/// the course of the training.
std::string run_charts(const std::vector<RunData>& runs);

}  // namespace albert::report
