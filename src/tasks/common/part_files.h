#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/task.h"

namespace albert::tasks {

/// "training", "development" or "test".
std::string_view name_of(Part part);

/// The names that stand for a part.
const std::vector<std::string_view>& stems_of(Part part);

/// Whether a file's name says that it holds a part: see files_of_part().
bool names_part(const std::filesystem::path& file, Part part);

/// The files of a folder whose names say that they hold a part: train, training; dev, valid, validation, val; test;
/// alone ("dev.jsonl") or at the end of a name ("ARC-Easy-Dev.csv", "easy_dev.csv"). Sorted.
/// \param extensions with their dots
std::vector<std::filesystem::path> files_of_part(const std::filesystem::path& folder, Part part,
                                                 const std::vector<std::string>& extensions);

}  // namespace albert::tasks
