#pragma once

#include <string>
#include <utility>
#include <vector>

#include "metrics/figures.h"

namespace albert::metrics {

/// How well a set of examples was predicted. A figure is a fraction, except where the official script of a data set
/// prints percent: question answering, and F1 of SemEval-2010 Task 8.
struct Report {
  Figures figures{};    ///< under the names of the command line: accuracy, f1, matthews ...
  std::string table{};  ///< more for people: figures per class, confusion matrix; lines, or empty
  std::string json{};   ///< the same for programs: a JSON object, or empty
  std::vector<std::pair<std::string, std::string>> undefined{};  ///< figures that have no value here, each with why
};

/// Makes figures that are no finite numbers undefined.
void leave_out_infinite(Report& report);

/// The whole report as one JSON object: the figures; under "undefined" those without a value, each with why, if there
/// are any; `json` under "details".
std::string to_json(const Report& report);

/// The whole report for people: a line for each figure, also for one without a value, then the table.
std::string to_text(const Report& report);

}  // namespace albert::metrics
