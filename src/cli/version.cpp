#include "cli/version.h"

#include <spdlog/fmt/fmt.h>
#include <torch/headeronly/version.h>

#include "model/compute.h"

namespace albert::cli {

std::string version_text() {
  const std::string_view commit = build_commit();
  return fmt::format("albert {}{}\nLibTorch {}\ninstruction set: {}", ALBERT_VERSION,
                     commit.empty() ? "" : fmt::format(", commit {}", commit), TORCH_VERSION,
                     model::instruction_sets());
}

}  // namespace albert::cli
