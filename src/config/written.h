#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/document.h"
#include "config/recipes.h"

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

/// Reads a configuration and the assignments of --set over it. \param name of a file, or of a recipe of the folder;
/// empty: none. \param file_keys see Document. Throws UsageError listing every mistake.
template <typename Component>
Written<Component> read_written(const std::filesystem::path& name, std::string_view folder,
                                const std::vector<std::string>& assignments, std::vector<std::string> file_keys) {
  Document document(std::move(file_keys));
  if (!name.empty()) document.add_tree(read_configuration(name, {folder}));
  for (const std::string& assignment : assignments) document.add_assignment(assignment);
  auto values = document.read<Component>();
  return {std::move(values), std::move(document)};
}

}  // namespace albert::config
