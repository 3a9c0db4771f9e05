#include "config/recipes.h"

#include <algorithm>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/log.h"
#include "config/fields.h"

namespace albert::config {

namespace fs = std::filesystem;

namespace {

bool is_in(const Recipe& recipe, RecipeFolders folders) {
  return std::ranges::find(folders, recipe.folder) != folders.end();
}

/// The name of a recipe by its path: configs/finetune/sst2.yaml is not there in every folder, but sst2 is.
std::string file_stem(std::string_view path) {
  const fs::path name = fs::path(path).filename();
  return name.extension() == ".yaml" || name.extension() == ".yml" ? name.stem() : name;
}

/// What a recipe is called where one of the folders is meant.
std::string name_among(const Recipe& recipe, RecipeFolders folders) {
  return folders.size() == 1 ? std::string(recipe.name) : recipe.full_name();
}

[[noreturn]] void refuse_name(std::string_view what, std::string_view name, RecipeFolders folders) {
  const auto elsewhere = find_recipes(name, {"finetune", "pretrain", "model"});
  if (!elsewhere.empty()) {
    throw UsageError("{} is a recipe of {}, where one of {} is expected; `albert config list` shows the recipes", name,
                     elsewhere.front()->folder, fmt::join(folders, " or "));
  }
  throw UsageError("there {} {}; {}`albert config list` shows the recipes", what, name, recipes_like(name, folders));
}

}  // namespace

std::string Recipe::full_name() const {
  return fmt::format("{}/{}", folder, name);
}

std::string_view Recipe::summary() const {
  if (!text.starts_with("# ")) return {};
  return text.substr(2, text.find('\n') - 2);
}

const Recipe* find_recipe(std::string_view folder, std::string_view name) {
  const auto found = std::ranges::find_if(
      recipes(), [&](const Recipe& recipe) { return recipe.folder == folder && recipe.name == name; });
  return found == recipes().end() ? nullptr : &*found;
}

std::vector<const Recipe*> find_recipes(std::string_view name, RecipeFolders folders) {
  std::vector<const Recipe*> found;
  for (const std::string_view folder : folders) {
    const bool is_full = name.starts_with(folder) && name.substr(folder.size()).starts_with('/');
    const std::string_view rest = is_full ? name.substr(folder.size() + 1) : name;
    if (const Recipe* recipe = find_recipe(folder, rest)) found.push_back(recipe);
  }
  return found;
}

std::string recipes_like(std::string_view name, RecipeFolders folders) {
  const std::string word = file_stem(name);
  const bool has_exact = !find_recipes(word, folders).empty();
  std::vector<std::string> names;
  for (const Recipe& recipe : recipes()) {
    const bool is_like = has_exact ? recipe.name == word : alike(word, recipe.name);
    if (is_like && is_in(recipe, folders)) names.push_back(fmt::format("'{}'", name_among(recipe, folders)));
  }
  return names.empty() ? "" : fmt::format("is it {}? ", fmt::join(names, " or "));
}

const Recipe& recipe_named(std::string_view name, RecipeFolders folders) {
  const std::vector<const Recipe*> found = find_recipes(name, folders);
  if (found.size() == 1) return *found.front();
  if (found.empty()) refuse_name("is no recipe", name, folders);
  std::vector<std::string> names;
  for (const Recipe* recipe : found) names.push_back(recipe->full_name());
  throw UsageError("several recipes have the name {}; say which: {}", name, fmt::join(names, " or "));
}

Node parse_recipe(const Recipe& recipe) {
  return parse_text(std::string(recipe.text), Origin{.line = 1, .recipe = recipe.full_name()});
}

Node read_configuration(const fs::path& name, RecipeFolders folders) {
  // A folder is no configuration: `--config sst2 --run-dir sst2` is repeated with --resume.
  if (fs::exists(name) && !fs::is_directory(name)) {
    if (const auto hidden = find_recipes(name.string(), folders); !hidden.empty()) {
      log_warning("{} is read as the file of that name, not as the recipe {}", name.string(),
                  hidden.front()->full_name());
    }
    return parse_file(name);
  }
  if (find_recipes(name.string(), folders).empty())
    refuse_name("is neither a file nor a recipe", name.string(), folders);
  return parse_recipe(recipe_named(name.string(), folders));
}

}  // namespace albert::config
