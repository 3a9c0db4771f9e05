# cmake -DOUTPUT=recipe_texts.cpp "-DFILES=configs/finetune/arc.yaml;..." -P embed_recipes.cmake
# Writes the C++ source that holds the text of every recipe, byte for byte: config/recipes.h declares what is in it.
cmake_minimum_required(VERSION 3.25)

set(entries "")
foreach(file IN LISTS FILES)
  file(READ "${file}" text)
  string(FIND "${text}" ")yaml\"" end_of_literal)
  if(NOT end_of_literal EQUAL -1)
    message(FATAL_ERROR "${file}: holds )yaml\", which ends the literal that it becomes; write it in another way")
  endif()
  cmake_path(GET file STEM LAST_ONLY name)
  cmake_path(GET file PARENT_PATH folder)
  cmake_path(GET folder FILENAME folder)
  string(APPEND entries "    {\"${folder}\", \"${name}\", R\"yaml(${text})yaml\"},\n")
endforeach()

file(WRITE "${OUTPUT}" "// Made from configs/ by scripts/cmake/embed_recipes.cmake: edit the YAML files.
#include \"config/recipes.h\"

namespace albert::config {

std::span<const Recipe> recipes() {
  static constexpr Recipe kRecipes[] = {
${entries}  };
  return kRecipes;
}

}  // namespace albert::config
")
