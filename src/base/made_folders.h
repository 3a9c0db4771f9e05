#pragma once

#include <filesystem>
#include <vector>

namespace albert {

namespace fs = std::filesystem;

/// A folder that is there from now on, and what had to be made for it, so that work that comes to nothing can leave
/// nothing behind.
class MadeFolders {
 public:
  /// Makes the folder and those that are to hold it.
  /// Throws IoError, and leaves nothing of what it has made.
  explicit MadeFolders(const fs::path& folder);

  /// Whether the folder itself was not there before.
  bool is_new() const { return is_new_; }
  /// Removes what was made and is empty.
  void remove_empty() const;

 private:
  std::vector<fs::path> made_;  ///< the innermost first
  bool is_new_ = false;
};

}  // namespace albert
