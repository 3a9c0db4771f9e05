#pragma once

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "config/fields.h"
#include "config/node.h"
#include "config/recipes.h"
#include "config/yaml_fields.h"

namespace albert::config {

/// What tells that a configuration is one for another command.
struct OtherKind {
  std::vector<std::string> keys;  ///< which only those have
  std::string command;            ///< "finetune"
};

/// A configuration as written: YAML files and --set arguments, later ones over earlier ones.
class Configuration {
 public:
  /// \param file_keys top-level keys whose value may name another YAML file that holds their mapping:
  /// `model: ../model/small.yaml`, or by a bare name as `model: small`, which is looked for in the folder `model`
  /// beside that of the configuration, in configs/model, and among the program's recipes. In a recipe it names another
  /// recipe.
  explicit Configuration(std::vector<std::string> file_keys = {}) : file_keys_(std::move(file_keys)) {}

  /// \param tree of a file or recipe
  /// Throws UsageError if it is no mapping.
  void add_tree(Node tree);
  /// \param assignment "a.b=value"; a setting that is a text or a path takes the value as it stands, others as YAML;
  /// "a.b=" is an empty text
  /// Throws UsageError if it has no "=".
  void add_assignment(const std::string& assignment);

  /// The component as the configuration sets it, over the values that it is given with.
  /// Throws one UsageError that lists the unknown keys, wrong types, values out of bounds and contradictions (of many,
  /// the first ones and their number), each with its place and what was expected.
  template <typename Component>
  Component read(Component component = {}) const {
    Reader reader(root_);
    component.fields(reader);
    std::vector<std::string> mistakes = mistakes_;
    std::ranges::move(reader.finish(), std::back_inserter(mistakes));
    if constexpr (requires(Checks & c) { component.check(c); }) {
      Checks checks([this](std::string_view key) { return locate(key); });
      component.check(checks);
      for (std::size_t i = 0; i < checks.messages().size(); ++i) {
        if (!reader.is_doubtful(checks.keys()[i], checks.messages()[i])) mistakes.push_back(checks.messages()[i]);
      }
    }
    throw_if_any(mistakes);
    return component;
  }

  /// Throws UsageError if it is one for another command.
  void refuse_kind(const OtherKind& other) const;

  /// Where a key's value was written.
  std::string locate(std::string_view key) const;
  const Node& root() const { return root_; }

 private:
  void add(Node node);
  const Node* find(std::string_view key) const;
  static void throw_if_any(const std::vector<std::string>& mistakes);

  std::vector<std::string> file_keys_;
  Node root_;
  std::vector<std::string> mistakes_;  ///< of the files as YAML
  int num_assignments_ = 0;
};

/// The component's values as a tree: `to_yaml(to_node(component))` is a configuration that reads back to the same
/// component.
template <typename Component>
Node to_node(const Component& component, const Node* written = nullptr) {
  Component copy = component;
  Writer writer(written);
  copy.fields(writer);
  return writer.take();
}

/// A configuration with where each of its values was written.
template <typename Component>
struct Written {
  Component values;
  Configuration source;

  /// The resolved values as YAML that reads back to the same.
  /// \param with_origins says beside each value where it was written
  std::string to_yaml(bool with_origins = false) const {
    return config::to_yaml(to_node(values, &source.root()), with_origins);
  }
};

/// Reads a configuration and the assignments of --set over it.
/// \param name of a file, or of a recipe of the folder; empty: none
/// \param other what tells that a file is none for this component
/// \param file_keys see Configuration
/// Throws UsageError listing every mistake.
template <typename Component>
Written<Component> read_written(const std::filesystem::path& name, std::string_view folder,
                                const std::vector<std::string>& assignments, const OtherKind& other,
                                std::vector<std::string> file_keys = {}) {
  Configuration configuration(std::move(file_keys));
  if (!name.empty()) configuration.add_tree(read_configuration(name, {folder}));
  configuration.refuse_kind(other);
  for (const std::string& assignment : assignments) configuration.add_assignment(assignment);
  auto values = configuration.read<Component>();
  return {std::move(values), std::move(configuration)};
}

}  // namespace albert::config
