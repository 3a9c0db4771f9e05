#pragma once

#include <string>

#include "optim/schedule.h"

namespace albert::optim {

/// The schedule in one sentence, for the log; says so if the run ends before warm-up does.
std::string summarise(const Schedule& schedule);

/// The schedule for people: summarise(), a table of the updates where something happens with their rates, and a plot of
/// text, 80 columns wide.
std::string describe(const Schedule& schedule);

}  // namespace albert::optim
