#pragma once

#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"

namespace albert::config {

/// A YAML file of configs/ as the program holds it, so that it is there in any folder.
struct Recipe {
  std::string_view folder;  ///< "finetune"
  std::string_view name;    ///< "sst2"
  std::string_view text;    ///< byte for byte

  std::string full_name() const;     ///< "finetune/sst2"
  std::string_view summary() const;  ///< the comment of the first line; empty if there is none
};

/// In which folders a name is looked for.
using RecipeFolders = std::initializer_list<std::string_view>;

/// All of them: folder by folder (finetune, pretrain, model), by name.
std::span<const Recipe> recipes();

/// Null if there is none.
/// \param name "sst2"
const Recipe* find_recipe(std::string_view folder, std::string_view name);

/// Those that a name may mean, in the order of the folders.
/// \param name "sst2", or with its folder "finetune/sst2"
std::vector<const Recipe*> find_recipes(std::string_view name, RecipeFolders folders);

/// The one that a name means. Throws UsageError with the names like it if there is none, and with those to choose from
/// if several of the folders have one.
const Recipe& recipe_named(std::string_view name, RecipeFolders folders);

/// Throws UsageError as parse_text() does.
Node parse_recipe(const Recipe& recipe);

/// The configuration that a command line calls by `name`: the file of this path, if there is one, else the recipe.
/// Throws as recipe_named() and parse_file() do.
Node read_configuration(const std::filesystem::path& name, RecipeFolders folders);

/// What to say of a name that no recipe of the folders has: "is it 'small'? ", or nothing if none is like it.
std::string recipes_like(std::string_view name, RecipeFolders folders);

}  // namespace albert::config
