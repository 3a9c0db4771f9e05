#include "interop/written_folder.h"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "base/file.h"
#include "base/json.h"

namespace albert::interop {

namespace {

constexpr const char* kConfigFile = "config.json";
constexpr const char* kOwnKey = "albert_cpp";
constexpr const char* kWriter = "written_by";

}  // namespace

void mark_as_written(nlohmann::ordered_json& config, std::string_view command) {
  config[kOwnKey][kWriter] = command;
}

std::string why_not_written(const fs::path& folder, std::string_view command) {
  const fs::path file = folder / kConfigFile;
  if (!fs::is_regular_file(file)) return fmt::format("it has no {}", kConfigFile);
  try {
    if (read_json(read_file(file, kMaxConfigBytes)).at(kOwnKey).at(kWriter) == command) return "";
  } catch (const nlohmann::json::exception&) {
    // It tells of no command.
  }
  return fmt::format("it holds a model that `albert {}` did not write", command);
}

}  // namespace albert::interop
