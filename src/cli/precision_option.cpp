#include "cli/precision_option.h"

#include "cli/choice_option.h"

namespace albert::cli {

void add_precision_option(Command& command, model::Precision& precision) {
  add_choice(command, "--precision", precision,
             {{"float32", model::Precision::kFloat32}, {"bfloat16", model::Precision::kBFloat16}},
             "Number format of the matrix products");
}

}  // namespace albert::cli
