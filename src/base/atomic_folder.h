#pragma once

#include <filesystem>
#include <optional>

#include "base/temporary_entry.h"

namespace albert {

namespace fs = std::filesystem;

/// A folder that appears whole or not at all. Fill `temporary()`, then `commit()`; without a commit the destructor
/// removes it. The temporary folder is a TemporaryEntry: two processes never write the same folder, and what a killed one
/// left is removed by the next.
class AtomicFolder {
 public:
  /// Throws UsageError if another process is writing the same folder, or if the destination cannot be replaced: the
  /// current folder, a mounted file system; IoError.
  explicit AtomicFolder(const fs::path& destination);

  const fs::path& temporary() const { return temporary_->path(); }
  /// Syncs every file in the folder and renames it to the destination, which is replaced if it exists: its permissions
  /// stay, and those of each file that the new folder has too.
  void commit();

 private:
  void replace_in_two_steps();

  fs::path destination_;  ///< canonical
  std::optional<TemporaryEntry> temporary_;
};

}  // namespace albert
