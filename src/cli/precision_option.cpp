#include "cli/precision_option.h"

#include <map>
#include <string>

#include <CLI/CLI.hpp>

namespace albert::cli {

void add_precision_option(CLI::App& command, model::Precision& precision) {
  static const std::map<std::string, model::Precision> kNames{{"float32", model::Precision::kFloat32},
                                                              {"bfloat16", model::Precision::kBFloat16}};
  command.add_option("--precision", precision, "Type of the matrix products: float32 or bfloat16 [float32]")
      ->transform(CLI::CheckedTransformer(kNames));
}

}  // namespace albert::cli
