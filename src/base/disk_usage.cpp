#include "base/disk_usage.h"

#include <algorithm>
#include <system_error>

#include <sys/stat.h>

#include "base/folder_lock.h"

namespace albert {

namespace fs = std::filesystem;

DiskUsage disk_usage(const fs::path& path) {
  constexpr std::uint64_t kBlockBytes = 512;  // of st_blocks, whatever the file system's are
  DiskUsage usage;
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return usage;
  usage.size_bytes = static_cast<std::uint64_t>(status.st_blocks) * kBlockBytes;
  std::error_code gone;
  const fs::file_time_type changed = fs::is_symlink(path, gone) ? usage.changed : fs::last_write_time(path, gone);
  if (!gone) usage.changed = changed;
  if (!S_ISDIR(status.st_mode)) return usage;
  fs::directory_iterator entries(path, gone);
  for (; !gone && entries != fs::directory_iterator(); entries.increment(gone)) {
    const DiskUsage inner = disk_usage(entries->path());
    usage.size_bytes += inner.size_bytes;
    if (entries->path().filename() != kLockFile) usage.changed = std::max(usage.changed, inner.changed);
  }
  return usage;
}

}  // namespace albert
