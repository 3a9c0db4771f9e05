#pragma once

#include <string>

#include "optim/schedule.h"

namespace albert::optim {

/// The schedule for people: its formula in words, a table of the steps where something happens with their rates, and a
/// plot of text, 80 columns wide.
std::string describe(const Schedule& schedule);

}  // namespace albert::optim
