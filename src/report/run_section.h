#pragma once

#include <string>
#include <vector>

#include "report/page.h"
#include "report/run_data.h"

namespace albert::report {

/// What runs are, how they went, and what they were told: their states, every figure over the updates with the runs in
/// one chart, the last and the best figures, and the settings that tell them apart. A section for the runs of each
/// command: the others have other figures, and are of another length.
std::vector<Section> run_sections(const std::vector<RunData>& runs);

/// The settings that are not the same in all runs, a row each; empty for one run, and where all are the same.
std::string settings_table(const std::vector<RunData>& runs);

}  // namespace albert::report
