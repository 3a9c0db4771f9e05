#pragma once

#include <filesystem>

#include "base/descriptor.h"

namespace albert {

namespace fs = std::filesystem;

/// The file in a folder that is locked in its place.
inline constexpr const char* kLockFile = ".lock";

/// An exclusive lock on a folder, held while the object lives; given back by the system if the process dies.
class FolderLock {
 public:
  /// Waits a tenth of a second for those who only look, as is_locked() does.
  /// Throws UsageError naming the process that holds the lock, if there is one.
  explicit FolderLock(const fs::path& folder);

 private:
  Descriptor descriptor_;
};

/// Whether a process holds the lock of a folder now. Writes nothing. False where the file system knows no locks.
/// Throws IoError if that cannot be found out: the file may not be read, or is a link.
bool is_locked(const fs::path& folder);

}  // namespace albert
