#include "tasks/common/part_files.h"

#include <algorithm>

#include "base/error.h"
#include "base/file.h"

namespace albert::tasks {

const std::vector<std::string_view>& stems_of(Part part) {
  static const std::vector<std::string_view> kTraining = {"train", "training"};
  static const std::vector<std::string_view> kDevelopment = {"dev", "valid", "validation", "val"};
  static const std::vector<std::string_view> kTest = {"test"};
  return part == Part::kTrain ? kTraining : part == Part::kDevelopment ? kDevelopment : kTest;
}

bool names_part(const fs::path& file, Part part) {
  std::string name = file.stem().string();
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c; });
  return std::ranges::any_of(stems_of(part), [&](std::string_view stem) {
    if (!name.ends_with(stem)) return false;
    return name.size() == stem.size() ||
           std::string_view("-_.").find(name[name.size() - stem.size() - 1]) != std::string_view::npos;
  });
}

std::string_view name_of(Part part) {
  return part == Part::kTrain ? "training" : part == Part::kDevelopment ? "development" : "test";
}

std::vector<fs::path> files_of_part(const fs::path& folder, Part part, const std::vector<std::string>& extensions) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path& file = entry.path();
    const bool has_extension = std::ranges::find(extensions, file.extension().string()) != extensions.end();
    if (entry.is_regular_file() && has_extension && names_part(file, part)) files.push_back(file);
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace albert::tasks
