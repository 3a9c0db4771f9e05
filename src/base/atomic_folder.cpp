#include "base/atomic_folder.h"

#include <cerrno>
#include <cstdio>

#include <sys/file.h>
#include <sys/stat.h>

#include "base/durable.h"
#include "base/error.h"

namespace albert {

namespace {

/// A folder as its name is to be replaced: what a symbolic link points at, "." and "corpus/" by their names.
/// Throws UsageError if its name cannot be given to another one.
fs::path replaceable(const fs::path& folder) {
  fs::path path = fs::weakly_canonical(folder);
  if (path.filename().empty()) path = path.parent_path();
  if (!fs::exists(path)) return path;
  if (fs::equivalent(path, fs::current_path())) {
    throw UsageError("{} is the current folder, which cannot be replaced; name a folder in it", folder.string());
  }
  struct stat inner {};
  struct stat outer {};
  const bool is_mounted = ::stat(path.c_str(), &inner) == 0 && ::stat(path.parent_path().c_str(), &outer) == 0 &&
                          inner.st_dev != outer.st_dev;
  if (is_mounted) {
    throw UsageError("{} is a mounted file system, which cannot be replaced; name a folder in it", folder.string());
  }
  return path;
}

/// Two folders take each other's names at once.
/// \return false if the file system cannot
bool exchange(const fs::path& one, const fs::path& other) {
  if (::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) == 0) return true;
  if (errno == ENOSYS || errno == EINVAL) return false;
  throw IoError::from_errno(fmt::format("cannot rename {} to {}", one.string(), other.string()));
}

}  // namespace

AtomicFolder::AtomicFolder(const fs::path& destination) : destination_(replaceable(destination)) {
  temporary_ = destination_.parent_path() / fmt::format(".{}.partial", destination_.filename().string());
  parents_.emplace(destination_.parent_path());
  lock();
  std::error_code error;
  for (const auto& leftover : fs::directory_iterator(temporary_, error)) {
    if (!error) fs::remove_all(leftover.path(), error);
  }
  if (error) throw IoError("cannot empty {}: {}", temporary_.string(), error.message());
}

/// Makes the temporary folder unless it is there, and locks it.
void AtomicFolder::lock() {
  std::error_code error;
  fs::create_directories(temporary_, error);
  if (error) throw IoError("cannot create {}: {}", temporary_.string(), error.message());
  const int descriptor = descriptor_.emplace(temporary_, O_RDONLY | O_DIRECTORY).value();
  bool is_free = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
  // Some file systems know no locks of folders: there, as without locks, two processes are kept apart by nothing.
  if (!is_free && errno != EWOULDBLOCK) is_free = true;
  struct stat locked {};
  struct stat named {};
  const bool is_still_there = ::fstat(descriptor, &locked) == 0 && ::stat(temporary_.c_str(), &named) == 0 &&
                              locked.st_ino == named.st_ino && locked.st_dev == named.st_dev;
  if (is_free && is_still_there) return;
  throw UsageError("another process is writing {}; wait for it to end, or name another folder", destination_.string());
}

AtomicFolder::~AtomicFolder() {
  std::error_code ignored;
  if (committed_) return;
  fs::remove_all(temporary_, ignored);
  parents_->remove_empty();
}

void AtomicFolder::commit() {
  for (const auto& entry : fs::recursive_directory_iterator(temporary_)) {
    sync_to_disk(entry.path());
    keep_permissions(destination_ / entry.path().lexically_relative(temporary_), entry.path());
  }
  sync_to_disk(temporary_);
  keep_permissions(destination_, temporary_);
  if (!fs::exists(destination_)) {
    rename_durably(temporary_, destination_);
  } else if (exchange(temporary_, destination_)) {
    sync_to_disk(destination_.parent_path());
    fs::remove_all(temporary_);
  } else {
    replace_in_two_steps();
  }
  committed_ = true;
}

/// Where names cannot be exchanged. A kill in between leaves the old folder as `.NAME.old`.
void AtomicFolder::replace_in_two_steps() {
  const fs::path old = destination_.parent_path() / fmt::format(".{}.old", destination_.filename().string());
  fs::remove_all(old);
  rename_durably(destination_, old);
  try {
    rename_durably(temporary_, destination_);
  } catch (const IoError&) {
    rename_durably(old, destination_);
    throw;
  }
  fs::remove_all(old);
}

}  // namespace albert
