#pragma once

#include <string>

#include "report/sections/sections.h"
#include "tasks/findings.h"

namespace albert::report {

/// For some predictions of a class, what each word of the text did for its score: half of them the worst mistakes, the
/// others right answers of which the model was surest.
std::string explanations(const tasks::ClassFindings& findings, const EvaluationView& view);

}  // namespace albert::report
