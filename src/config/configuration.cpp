#include "config/configuration.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <span>

#include <spdlog/fmt/ranges.h>

#include "base/counted.h"
#include "base/error.h"

namespace albert::config {

namespace fs = std::filesystem;

namespace {

bool is_bare_name(const std::string& name) {
  return fs::path(name).filename() == name;
}

std::string with_extension(const std::string& name) {
  return fs::path(name).extension() == ".yaml" ? name : name + ".yaml";
}

/// Where the file may lie that a key of the configuration names: at the path, or by its bare name in a folder of such
/// components (`model: small` is model/small.yaml beside the configuration's own folder, or configs/model/small.yaml
/// below the current one).
std::vector<fs::path> component_files(const std::string& key, const Node& value) {
  const fs::path folder = fs::current_path() / value.origin.folder();
  std::vector<fs::path> files{folder / value.scalar};
  if (is_bare_name(value.scalar)) {
    files.push_back(folder.parent_path() / key / with_extension(value.scalar));
    files.push_back(fs::current_path() / "configs" / key / with_extension(value.scalar));
  }
  for (fs::path& file : files) file = file.lexically_normal();
  return files;
}

/// The recipe that a key of the configuration names: by its bare name, or in a recipe by its path among them.
const Recipe* component_recipe(const std::string& key, const Node& value) {
  const fs::path folder = fs::path(value.origin.recipe).parent_path();
  const fs::path path = is_bare_name(value.scalar) ? fs::path(key) / value.scalar : folder / value.scalar;
  const fs::path file = with_extension(path.lexically_normal());
  return find_recipe(file.parent_path().string(), file.stem().string());
}

/// What a key of the configuration names instead of holding it.
Node read_component(const std::string& key, const Node& value) {
  const Recipe* recipe = component_recipe(key, value);
  const bool is_of_recipe = !value.origin.recipe.empty();
  if (recipe != nullptr && is_of_recipe) return parse_recipe(*recipe);
  const std::vector<fs::path> files = component_files(key, value);
  const auto file = std::ranges::find_if(files, [](const fs::path& path) { return fs::is_regular_file(path); });
  if (file != files.end()) return parse_file(*file);
  if (recipe != nullptr && is_bare_name(value.scalar)) return parse_recipe(*recipe);
  std::string tried;
  for (const fs::path& path : files) tried += (tried.empty() ? "" : ", ") + path.string();
  throw UsageError("{}: {}: there is no file {} and no recipe {}; {}name a YAML file or a recipe, or write the values",
                   value.origin.to_string(), key, tried, value.scalar, recipes_like(value.scalar, {key}));
}

/// "train" and "steps" of "train.steps".
std::vector<std::string_view> parts_of(std::string_view key) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= key.size();) {
    const std::size_t end = std::min(key.find('.', begin), key.size());
    parts.push_back(key.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// What a part of a key names in a node: the value of "corpora", or of "corpora[1]" the second item of its list. Null if
/// there is none.
const Node* find_part(const Node& node, std::string_view part) {
  const std::size_t bracket = part.find('[');
  const Node* list = node.find(part.substr(0, bracket));
  if (list == nullptr || bracket == std::string_view::npos) return list;
  std::size_t index = 0;
  std::from_chars(part.data() + bracket + 1, part.data() + part.size(), index);
  return index < list->items.size() ? &list->items[index] : nullptr;
}

}  // namespace

void Configuration::add(Node node) {
  for (const std::string& key : file_keys_) {
    for (auto& [name, value] : node.entries) {
      if (name != key || value.kind != Node::Kind::kScalar) continue;
      value = read_component(key, value);
      std::ranges::move(value.mistakes, std::back_inserter(mistakes_));
      root_.child(key) = Node{};  // a file replaces what an earlier one said
    }
  }
  std::ranges::move(node.mistakes, std::back_inserter(mistakes_));
  root_.merge(std::move(node));
}

void Configuration::add_tree(Node tree) {
  if (tree.kind == Node::Kind::kNull) tree.kind = Node::Kind::kMapping;
  if (tree.kind != Node::Kind::kMapping)
    throw UsageError("{}: expected a mapping of settings, found {}", tree.origin.to_string(), describe(tree));
  add(std::move(tree));
}

void Configuration::add_assignment(const std::string& assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == 0 || equals == std::string::npos) {
    throw UsageError("--set {}: expected KEY=VALUE, as in --set train.steps=1000", assignment);
  }
  const std::string key = assignment.substr(0, equals);
  if (const std::size_t bracket = key.find('['); bracket != std::string::npos) {
    throw UsageError("--set {}: an item of a list is not set alone; give the whole list: --set {}='[...]'", key,
                     key.substr(0, bracket));
  }
  const Origin origin{.argument = key, .ordinal = ++num_assignments_};
  Node value = parse_argument(assignment.substr(equals + 1), origin);
  if (assignment.size() == equals + 1) {  // a shell has taken the quotes of KEY=""
    value.kind = Node::Kind::kScalar;
    value.quoted = true;
  }
  Node root;
  Node* node = &root;
  for (const std::string_view part : parts_of(key)) {
    node->origin = origin;
    node = &node->child(part);
  }
  *node = std::move(value);
  add(std::move(root));
}

void Configuration::refuse_kind(const OtherKind& other) const {
  for (const std::string& key : other.keys) {
    const Node* node = find(key);
    if (node == nullptr) continue;
    throw UsageError("{}: this configuration is one for `albert {}`: it has '{}'", node->origin.to_string(),
                     other.command, key);
  }
}

const Node* Configuration::find(std::string_view key) const {
  const Node* node = &root_;
  for (const std::string_view part : parts_of(key)) {
    if (node != nullptr) node = find_part(*node, part);
  }
  return node;
}

std::string Configuration::locate(std::string_view key) const {
  const Node* node = &root_;
  std::string place = Origin{}.to_string();
  for (const std::string_view part : parts_of(key)) {
    if (node != nullptr) node = find_part(*node, part);
    if (node != nullptr) place = node->origin.to_string();
  }
  return place;
}

void Configuration::throw_if_any(const std::vector<std::string>& mistakes) {
  constexpr std::size_t kMaxShown = 20;
  if (mistakes.empty()) return;
  const std::size_t num_shown = std::min(mistakes.size(), kMaxShown);
  std::string text = fmt::format("the configuration has {}:\n  {}", counted(mistakes.size(), "mistake"),
                                 fmt::join(std::span(mistakes).first(num_shown), "\n  "));
  if (num_shown < mistakes.size()) text += fmt::format("\n  and {} more", mistakes.size() - num_shown);
  throw UsageError("{}", text);
}

}  // namespace albert::config
