#pragma once

#include <filesystem>
#include <optional>

#include "base/descriptor.h"
#include "base/made_folders.h"

namespace albert {

namespace fs = std::filesystem;

/// A folder that appears whole or not at all. Fill `temporary()`, then `commit()`; without a commit the destructor
/// removes it, with the folders that were made to hold it. A leftover of a killed process (`.NAME.partial`) is removed by the next one that writes the same folder.
/// The temporary folder is locked, so that two processes never write into the same one.
class AtomicFolder {
 public:
  /// Throws UsageError if another process is writing the same folder, or if the destination cannot be replaced: the
  /// current folder, a mounted file system; IoError.
  explicit AtomicFolder(const fs::path& destination);
  ~AtomicFolder();
  AtomicFolder(const AtomicFolder&) = delete;
  AtomicFolder& operator=(const AtomicFolder&) = delete;

  const fs::path& temporary() const { return temporary_; }
  /// Syncs every file in the folder and renames it to the destination, which is replaced if it exists: its permissions
  /// stay, and those of each file that the new folder has too.
  void commit();

 private:
  void lock();
  void replace_in_two_steps();

  fs::path destination_;  ///< canonical
  fs::path temporary_;
  std::optional<MadeFolders> parents_;
  std::optional<Descriptor> descriptor_;  ///< the temporary folder, for its lock
  bool committed_ = false;
};

}  // namespace albert
