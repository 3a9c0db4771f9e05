#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace albert::config {

/// What a configuration holds at most, which is enough for lists of many thousand classes: bytes of YAML, of which the
/// parser makes a tree of some hundred times the size; values, and how many of them inside of each other.
inline constexpr std::size_t kMaxYamlBytes = std::size_t{1} << 20;
inline constexpr int kMaxNodes = 20'000;
inline constexpr int kMaxNodeDepth = 64;

/// Where a value was written: "configs/small.yaml:12", "recipe finetune/sst2:12", "--set train.steps" or, for a value
/// nobody wrote, "default".
struct Origin {
  std::filesystem::path file = {};  ///< empty unless a file
  int line = 0;                     ///< from 1, of a file or recipe
  std::string argument = {};        ///< the key of a --set, empty unless one
  int ordinal = 0;                  ///< which --set it is among all, from 1
  std::string recipe = {};          ///< Recipe::full_name(), empty unless one

  bool has_lines() const { return !file.empty() || !recipe.empty(); }
  /// What a relative path that is written there starts from: the file's folder; of what is no file on the disk (standard
  /// input, a pipe) and of a --set the current one, as an empty path.
  std::filesystem::path folder() const;
  std::string to_string() const;
};

/// A piece of a configuration as it was written: a YAML tree in which every value knows its origin.
struct Node {
  enum class Kind { kNull, kScalar, kSequence, kMapping };
  struct Entry;

  Kind kind = Kind::kNull;
  std::string scalar = {};
  bool quoted = false;  ///< a quoted scalar is text even where it looks like a number
  /// What stands behind the "=" of a --set, which is what a setting that is a text takes.
  std::optional<std::string> argument = {};
  std::vector<Node> items = {};
  std::vector<Entry> entries;  ///< what a mapping holds, in the order written
  Origin origin = {};
  /// Of a whole file: keys that are written twice, which are reported with the other mistakes.
  std::vector<std::string> mistakes = {};

  const Node* find(std::string_view key) const;
  Node& child(std::string_view key);  ///< made if absent
  /// Takes over every value of `other`: mappings of settings key by key, anything else whole, a mapping of numbers too.
  void merge(Node other);
};

struct Node::Entry {
  std::string key;
  Node value;
};

/// Whether the keys of a mapping are numbers: it is one value, as a list is.
bool is_timeline(const Node& node);

/// What a message says was found: "'5'", "the text "5"" where it stands in quotes, "a list".
std::string describe(const Node& node);

/// Parses YAML: one document of at most kMaxYamlBytes and kMaxNodes values, those that an alias repeats counted each
/// time.
/// Throws UsageError with file:line for a syntax error or a larger document, IoError if the file cannot be read.
Node parse_file(const std::filesystem::path& file);
Node parse_text(const std::string& text, const Origin& origin);
/// The value of a --set: YAML, or if it is none the text.
Node parse_argument(const std::string& value, const Origin& origin);

/// As YAML that parse_text reads back to the same tree.
/// \param with_origins appends "# origin" to every value
std::string to_yaml(const Node& node, bool with_origins = false);

/// Every value by its full key ("train.steps", "1000"; "data.corpora[0].weight", "0.7"), for comparing two
/// configurations.
std::vector<std::pair<std::string, std::string>> flatten(const Node& node);

}  // namespace albert::config
