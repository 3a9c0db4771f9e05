#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace albert::checkpoint {

/// What loading did, by parameter name.
struct LoadReport {
  std::filesystem::path file;
  std::vector<std::string> loaded = {};
  std::vector<std::string> fresh = {};      ///< not loaded: keep their initial values
  std::vector<std::string> ignored = {};    ///< in the file, but not taken
  std::vector<std::string> converted = {};  ///< loaded from another type than the parameter's

  /// For the log, one line for each of the four; a part of the model of which every tensor went the same way is named
  /// once ("predictions.*").
  std::string to_string() const;
};

}  // namespace albert::checkpoint
