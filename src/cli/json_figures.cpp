#include "cli/json_figures.h"

namespace albert::cli {

void add_json_figures(Command& command, bool& as_json) {
  command.add_flag(
      "--json", as_json,
      "The figures as a JSON object, more under 'details', and under 'undefined' why a figure has no value. "
      "Figures are fractions of 1; but percent where the official script prints percent: exact_match and f1 "
      "of question answering, macro_f1 of relations");
}

}  // namespace albert::cli
