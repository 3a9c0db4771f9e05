#pragma once

#include <cstdint>
#include <filesystem>

namespace albert {

/// What a file, or a folder with all that is below it, takes.
struct DiskUsage {
  std::uint64_t size_bytes = 0;  ///< what the file system gives it; a file with several names counts with each
  /// When a file below was last written, or the folder's own list of names. A lock (base/folder_lock.h) is written to
  /// by whoever only looks, or finds nothing to do: it does not count.
  std::filesystem::file_time_type changed = std::filesystem::file_time_type::min();
};

/// Follows no links. What cannot be looked at, or is gone by then, counts nothing: the folder may be written to.
DiskUsage disk_usage(const std::filesystem::path& path);

}  // namespace albert
