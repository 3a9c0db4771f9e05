#pragma once

#include <filesystem>

#include "base/descriptor.h"

namespace albert {

namespace fs = std::filesystem;

/// An exclusive lock on a folder, held while the object lives; given back by the system if the process dies.
class FolderLock {
 public:
  /// Throws UsageError naming the process that holds the lock, if there is one.
  explicit FolderLock(const fs::path& folder);

 private:
  Descriptor descriptor_;
};

}  // namespace albert
