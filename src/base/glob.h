#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace albert {

namespace fs = std::filesystem;

/// Files and folders, each once, whatever names it is given by.
class DistinctPaths {
 public:
  /// Adds one, or says that it is there already. Paths that lead nowhere are told apart by their names.
  void add(const fs::path& path);

  std::vector<fs::path> take() { return std::move(paths_); }

 private:
  bool is_new(const fs::path& path);

  std::vector<fs::path> paths_;
  std::set<std::pair<dev_t, ino_t>> files_;
  std::set<fs::path> names_;
};

/// The same paths, each file or folder once.
std::vector<fs::path> distinct(const std::vector<fs::path>& paths);

/// Paths with patterns (`*`, `?`, `[...]`) replaced by what they match, in the order of the paths, each file or folder
/// once. A path that is there is none of a pattern; one that is not there and is no pattern stays.
/// Throws IoError for a pattern that matches nothing, or a folder that cannot be read.
std::vector<fs::path> expand_patterns(const std::vector<fs::path>& paths);

}  // namespace albert
