#pragma once

#include <algorithm>
#include <concepts>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/fields.h"
#include "config/node.h"
#include "config/recipes.h"

namespace albert::config {

/// The walk that fills a component from a configuration; collects every mistake instead of stopping at the first.
class Reader : public Fields {
 public:
  explicit Reader(const Node& root) : stack_{{&root, "", {}}} {}

  using Fields::operator();
  void operator()(std::string_view name, std::int64_t& value, std::string_view help, Bounds bounds) override;
  void operator()(std::string_view name, double& value, std::string_view help, Bounds bounds) override;
  void operator()(std::string_view name, bool& value, std::string_view help) override;
  void operator()(std::string_view name, std::string& value, std::string_view help) override;
  void operator()(std::string_view name, std::filesystem::path& value, std::string_view help) override;
  void operator()(std::string_view name, std::vector<std::string>& value, std::string_view help) override;
  void operator()(std::string_view name, WordOrNumbers& value, std::string_view help,
                  const std::vector<std::string_view>& words, Bounds bounds) override;

  void one_counts(std::string_view name, std::int64_t& value, std::string_view other_name, double& other) override;

  /// Call after the walk: reports the keys that no field took. Returns every mistake found, with its place.
  std::vector<std::string> finish();

  /// Whether a contradiction may be none: it is about a key that has a mistake of its own, or names it.
  bool is_doubtful(std::string_view key, std::string_view message) const;

 protected:
  std::size_t one_of(std::string_view name, std::size_t chosen, std::string_view help,
                     const std::vector<std::string_view>& allowed) override;
  void enter(std::string_view name, std::string_view help) override;
  void leave() override;

 private:
  struct Level {
    const Node* node;  ///< null where the configuration has no such mapping
    std::string prefix;
    std::vector<std::string> names;  ///< the fields seen so far
  };

  const Node* take(std::string_view name);
  const Node* take_scalar(std::string_view name, std::string_view expected);
  const std::string* take_text(std::string_view name, std::string_view expected);
  void report_unknown(const Level& level);
  void fail(const Node& node, std::string_view name, const std::string& message);

  std::vector<Level> stack_;
  std::vector<std::string> mistakes_;
  std::vector<std::string> doubtful_;  ///< the keys whose values are not those that were meant
};

/// The walk that writes a component's values as a tree.
class Writer : public Fields {
 public:
  /// \param written where the values came from; values it lacks are marked as defaults
  explicit Writer(const Node* written = nullptr) : stack_{&root_}, written_{written} {}

  using Fields::operator();
  void operator()(std::string_view name, std::int64_t& value, std::string_view help, Bounds bounds) override;
  void operator()(std::string_view name, double& value, std::string_view help, Bounds bounds) override;
  void operator()(std::string_view name, bool& value, std::string_view help) override;
  void operator()(std::string_view name, std::string& value, std::string_view help) override;
  void operator()(std::string_view name, std::filesystem::path& value, std::string_view help) override;
  void operator()(std::string_view name, std::vector<std::string>& value, std::string_view help) override;
  void operator()(std::string_view name, WordOrNumbers& value, std::string_view help,
                  const std::vector<std::string_view>& words, Bounds bounds) override;

  void one_counts(std::string_view name, std::int64_t& value, std::string_view other_name, double& other) override;

  Node take() { return std::move(root_); }

 protected:
  std::size_t one_of(std::string_view name, std::size_t chosen, std::string_view help,
                     const std::vector<std::string_view>& allowed) override;
  void enter(std::string_view name, std::string_view help) override;
  void leave() override;

 private:
  Node& put(std::string_view name, Node::Kind kind);

  Node root_;
  std::vector<Node*> stack_;
  std::vector<const Node*> written_;
};

/// What tells that a configuration is one for another command.
struct OtherKind {
  std::string key;      ///< which only those have
  std::string command;  ///< "finetune"
};

/// A configuration as written: YAML files and --set arguments, later ones over earlier ones.
class Configuration {
 public:
  /// \param file_keys top-level keys whose value may name another YAML file that holds their mapping:
  /// `model: ../model/small.yaml`, or by a bare name as `model: small`, which is looked for in the folder `model`
  /// beside that of the configuration, in configs/model, and among the program's recipes. In a recipe it names another
  /// recipe.
  explicit Configuration(std::vector<std::string> file_keys = {}) : file_keys_(std::move(file_keys)) {}

  void add_file(const std::filesystem::path& file);
  /// \param tree of a file or recipe
  /// Throws UsageError if it is no mapping.
  void add_tree(Node tree);
  /// \param assignment "a.b=value"; a setting that is a text or a path takes the value as it stands, others as YAML;
  /// "a.b=" is an empty text
  /// Throws UsageError if it has no "=".
  void add_assignment(const std::string& assignment);

  /// The component as the configuration sets it, over the values that it is given with.
  /// Throws one UsageError that lists every unknown key, wrong type, value out of bounds and contradiction, each with
  /// its place and what was expected.
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
