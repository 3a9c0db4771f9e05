#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "config/document.h"

namespace albert::config {

/// A configuration with where each of its values was written.
template <typename Component>
struct Written {
  Component values;
  Document document;

  /// The resolved values as YAML that reads back to the same. \param with_origins says beside each value where it was
  /// written
  std::string to_yaml(bool with_origins = false) const {
    return config::to_yaml(to_node(values, &document.root()), with_origins);
  }
};

/// Reads a YAML file (may be empty: none) and the assignments of --set over it. \param file_keys see Document. Throws
/// UsageError listing every mistake.
template <typename Component>
Written<Component> read_written(const std::filesystem::path& file, const std::vector<std::string>& assignments,
                                std::vector<std::string> file_keys) {
  Document document(std::move(file_keys));
  if (!file.empty()) document.add_file(file);
  for (const std::string& assignment : assignments) document.add_assignment(assignment);
  auto values = document.read<Component>();
  return {std::move(values), std::move(document)};
}

}  // namespace albert::config
