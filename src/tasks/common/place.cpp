#include "tasks/common/place.h"

#include <spdlog/fmt/fmt.h>

namespace albert::tasks {

std::string Place::to_string() const {
  if (line > 0) return fmt::format("{}:{}", file, line);
  return id.empty() ? file : fmt::format("{}: {}", file, id);
}

}  // namespace albert::tasks
