#pragma once

#include <string>
#include <vector>

#include "host/advice.h"
#include "host/facts.h"

namespace albert::host {

/// For people: a line for each fact, then a line for each advice.
std::string to_text(const Facts& facts, const std::vector<Advice>& advice);

/// For programs: a JSON object, with bytes, milliseconds and floating-point operations a second; `advice` is a list of
/// `weight` and `text`. What is unknown is absent.
std::string to_json(const Facts& facts, const std::vector<Advice>& advice);

}  // namespace albert::host
