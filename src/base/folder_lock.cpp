#include "base/folder_lock.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <string>
#include <system_error>
#include <thread>

#include <sys/file.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "base/system_call.h"

namespace albert {

namespace {

/// A lock holds the number of a process and nothing else.
constexpr int kMaxNumberBytes = 32;

/// \return false if another process has the lock. Some file systems know no locks: there two runs are kept apart by
/// nothing.
bool take(int descriptor) {
  constexpr std::chrono::milliseconds kPause(10);
  constexpr int kNumTries = 10;
  for (int i = 0; i < kNumTries; ++i) {
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return true;
    std::this_thread::sleep_for(kPause);
  }
  return false;
}

}  // namespace

FolderLock::FolderLock(const fs::path& folder)
    : descriptor_(folder / kLockFile, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK) {
  const int descriptor = descriptor_.value();
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size >= kMaxNumberBytes) {
    throw UsageError("{} is no lock of a run; remove it, or choose another folder", (folder / kLockFile).string());
  }
  if (!take(descriptor)) {
    std::array<char, kMaxNumberBytes> owner{};
    const ssize_t n = ::read(descriptor, owner.data(), owner.size() - 1);
    throw UsageError("{} is in use by another run (process {}); wait for it to end, or choose another folder",
                     folder.string(), n > 0 ? owner.data() : "unknown");
  }
  const std::string self = std::to_string(::getpid());
  if (uninterrupted([&] { return ::ftruncate(descriptor, 0); }) != 0) {
    throw IoError::from_errno(fmt::format("cannot write {}", (folder / kLockFile).string()));
  }
  write_whole(descriptor, self, folder / kLockFile, 0);
}

bool is_locked(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(fs::symlink_status(folder / kLockFile, error))) return false;
  const Descriptor descriptor(folder / kLockFile, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  return ::flock(descriptor.value(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace albert
