#pragma once

#include <filesystem>
#include <span>
#include <utility>
#include <vector>

#include "base/signals.h"

namespace albert {

namespace fs = std::filesystem;

/// Whether a file or a link lies in the place, and no folder, device or pipe that has such a name.
bool is_file_or_link(const fs::path& place);

/// Moves files to their places together: all, or none, and what was there before is back. A signal that comes meanwhile
/// waits; a kill may leave some of them moved. Every call throws IoError where a file cannot be moved.
class JointMove {
 public:
  /// \param aside an empty folder, made here, for what lay in the places
  /// \param overwrite whether something may lie in them; else put() and remove() throw UsageError for what does
  JointMove(fs::path aside, bool overwrite);
  ~JointMove();
  JointMove(const JointMove&) = delete;
  JointMove& operator=(const JointMove&) = delete;

  /// Takes a file out of its place, if there is one. The place is on the file system of the folder.
  void remove(const fs::path& place);
  /// Puts a file that is on the disk into its place, with the permissions of the one before. At any time the old file is
  /// in the place, or the new one.
  void put(const fs::path& file, const fs::path& place);
  void commit() { is_done_ = true; }

 private:
  void undo();

  SignalDelay delay_;
  fs::path aside_;
  bool overwrite_;
  std::vector<std::pair<fs::path, fs::path>> moved_;  ///< from, to
  bool is_done_ = false;
};

/// Moves files out of a folder, where they lie under their own names, to their places: all, or none.
/// \param overwrite whether files that lie there are replaced, by the rule of base/output.h
/// Throws UsageError for a place that has been taken meanwhile.
void move_together(const fs::path& folder, std::span<const fs::path> places, bool overwrite);

}  // namespace albert
