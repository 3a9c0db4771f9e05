#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/fields.h"
#include "config/node.h"

namespace albert::config {

/// The walk that fills a component from a configuration; collects every mistake instead of stopping at the first.
class Reader : public Fields {
 public:
  explicit Reader(const Node& root) : stack_{{&root, "", {}}} {}

  using Fields::operator();
  void operator()(std::string_view name, std::int64_t& value, std::string_view help, Bounds bounds) override;
  void operator()(std::string_view name, double& value, std::string_view help, Bounds bounds) override;
  void operator()(std::string_view name, std::optional<double>& value, std::string_view help, Bounds bounds) override;
  void operator()(std::string_view name, bool& value, std::string_view help) override;
  void operator()(std::string_view name, std::string& value, std::string_view help) override;
  void operator()(std::string_view name, std::filesystem::path& value, std::string_view help) override;
  void operator()(std::string_view name, std::vector<std::string>& value, std::string_view help) override;
  void operator()(std::string_view name, WordOrNumbers& value, std::string_view help,
                  const std::vector<std::string_view>& words, Bounds bounds) override;
  void operator()(std::string_view name, Timeline& value, std::string_view help, Bounds bounds) override;

  void one_counts(const std::vector<Alternative>& alternatives) override;

  /// Call after the walk: reports the keys that no field took. Returns every mistake found, with its place.
  std::vector<std::string> finish();

  /// Whether a contradiction may be none: it is about a key that has a mistake of its own, or names it.
  bool is_doubtful(std::string_view key, std::string_view message) const;

 protected:
  std::size_t one_of(std::string_view name, std::size_t chosen, std::string_view help,
                     const std::vector<std::string_view>& allowed) override;
  void enter(std::string_view name, std::string_view help) override;
  void leave() override;
  std::optional<std::size_t> enter_list(std::string_view name, std::size_t size, std::string_view help) override;
  void leave_list() override;
  void enter_item(std::size_t index) override;

 private:
  struct Level {
    const Node* node;  ///< null where the configuration has no such mapping or list
    std::string prefix;
    std::vector<std::string> names = {};  ///< the fields seen so far
  };

  const Node* take(std::string_view name);
  const Node* take_scalar(std::string_view name, std::string_view expected);
  /// \return null, and a mistake, if the node is no number that is allowed
  std::optional<double> number_of(const Node& node, std::string_view name, const Bounds& bounds);
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
  void operator()(std::string_view name, std::optional<double>& value, std::string_view help, Bounds bounds) override;
  void operator()(std::string_view name, bool& value, std::string_view help) override;
  void operator()(std::string_view name, std::string& value, std::string_view help) override;
  void operator()(std::string_view name, std::filesystem::path& value, std::string_view help) override;
  void operator()(std::string_view name, std::vector<std::string>& value, std::string_view help) override;
  void operator()(std::string_view name, WordOrNumbers& value, std::string_view help,
                  const std::vector<std::string_view>& words, Bounds bounds) override;
  void operator()(std::string_view name, Timeline& value, std::string_view help, Bounds bounds) override;

  void one_counts(const std::vector<Alternative>& alternatives) override;

  Node take() { return std::move(root_); }

 protected:
  std::size_t one_of(std::string_view name, std::size_t chosen, std::string_view help,
                     const std::vector<std::string_view>& allowed) override;
  void enter(std::string_view name, std::string_view help) override;
  void leave() override;
  std::optional<std::size_t> enter_list(std::string_view name, std::size_t size, std::string_view help) override;
  void leave_list() override;
  void enter_item(std::size_t index) override;

 private:
  Node& put(std::string_view name, Node::Kind kind);

  Node root_;
  std::vector<Node*> stack_;
  std::vector<const Node*> written_;
};

}  // namespace albert::config
