#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace albert {

namespace fs = std::filesystem;

/// Whether a path has one of the signs `*`, `?` and `[` of a pattern.
bool is_pattern(const std::string& path);

/// The files and folders that a pattern matches, in the order of their paths.
/// Throws IoError if a folder cannot be read.
std::vector<fs::path> matches_of(const std::string& pattern);

/// Paths with patterns replaced by what they match, each file or folder once. A path that is there is none of a
/// pattern.
/// Throws DataError for a pattern that matches nothing.
std::vector<fs::path> expand_patterns(const std::vector<fs::path>& paths);

}  // namespace albert
