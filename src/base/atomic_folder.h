#pragma once

#include <filesystem>
#include <optional>

#include "base/live_temporaries.h"
#include "base/made_folders.h"
#include "base/output.h"
#include "base/temporary_entry.h"

namespace albert {

namespace fs = std::filesystem;

/// A folder that appears whole or not at all. Fill `temporary()`, then `commit()`; without a commit the destructor
/// removes it, with the folders that were made to hold it. The temporary folder is a TemporaryEntry: two processes
/// never write the same folder, and what a killed one left is removed by the next.
class AtomicFolder {
 public:
  /// Throws UsageError if another process is writing the same folder, or if the destination cannot be replaced: the
  /// current folder, a mounted file system; IoError. Then nothing is left of what it made.
  explicit AtomicFolder(const fs::path& destination);
  /// Of a command: checks the output now, when no other process is about to put something there, and again in commit().
  /// Throws UsageError, too, if it may not be written.
  explicit AtomicFolder(OutputFolder output);
  ~AtomicFolder();
  AtomicFolder(const AtomicFolder&) = delete;
  AtomicFolder& operator=(const AtomicFolder&) = delete;

  const fs::path& temporary() const { return temporary_->path(); }
  /// Syncs every file in the folder and renames it to the destination, which is replaced if it was there from the
  /// beginning: its permissions stay, and those of each file that the new folder has too. If the old one cannot be
  /// removed, a warning says where it is.
  /// Throws UsageError if the destination has come into being since, or holds by now what the output may not replace;
  /// IoError. Then what was there is where it was; if the disk fails so that it cannot be put back, a warning says
  /// where it is.
  void commit();

 private:
  void sync_files() const;
  void take_name();
  fs::path replace();
  fs::path replace_in_two_steps();
  void give_back(const fs::path& old);
  void take_back(const std::optional<fs::path>& old);

  fs::path destination_;  ///< canonical
  std::optional<OutputFolder> output_;
  bool replaces_ = false;  ///< what was there from the beginning
  std::optional<MadeFolders> parents_;
  std::optional<TemporaryEntry> temporary_;
  std::optional<LiveTemporary> live_old_;
  bool committed_ = false;
};

}  // namespace albert
