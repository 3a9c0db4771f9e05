#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/live_temporaries.h"

namespace albert {

namespace fs = std::filesystem;

/// A folder that is there from now on, and what had to be made for it, so that work that comes to nothing can leave
/// nothing behind. A stop signal that ends the process removes what was made and is empty, while this object lives.
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
  std::vector<std::unique_ptr<LiveTemporary>> live_;
  bool is_new_ = false;
};

}  // namespace albert
