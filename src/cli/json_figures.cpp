#include "cli/json_figures.h"

namespace albert::cli {

void add_json_figures(Command& command, bool& as_json) {
  command.add_flag(
      "--json", as_json,
      "Print the figures as a JSON object: 'details' has more of them, 'undefined' says why one has no value. "
      "Figures are fractions of 1, except where the official script prints percent: exact_match and f1 "
      "of question answering, and macro_f1 of relations");
}

}  // namespace albert::cli
