#include "base/atomic_folder.h"

#include <cerrno>
#include <cstdio>

#include <sys/stat.h>

#include "base/durable.h"
#include "base/error.h"

namespace albert {

namespace {

/// A folder as its name is to be replaced: what a symbolic link points at, "." and "corpus/" by their names.
/// Throws UsageError if its name cannot be given to another one.
fs::path replaceable(const fs::path& folder) {
  fs::path path = fs::weakly_canonical(fs::absolute(folder));
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
  parents_.emplace(destination_.parent_path());
  temporary_.emplace(destination_, TemporaryEntry::Kind::kFolder);
}

AtomicFolder::~AtomicFolder() {
  if (committed_) return;
  temporary_.reset();
  parents_->remove_empty();
}

void AtomicFolder::commit() {
  for (const auto& entry : fs::recursive_directory_iterator(temporary())) {
    sync_to_disk(entry.path());
    keep_permissions(destination_ / entry.path().lexically_relative(temporary()), entry.path());
  }
  temporary_->unmark();
  sync_to_disk(temporary());
  keep_permissions(destination_, temporary());
  if (!fs::exists(destination_)) {
    rename_durably(temporary(), destination_);
  } else if (exchange(temporary(), destination_)) {
    sync_to_disk(destination_.parent_path());
    mark_leftover(temporary());  // the folder that is replaced
    fs::remove_all(temporary());
  } else {
    replace_in_two_steps();
  }
  temporary_->release();
  committed_ = true;
}

/// Where names cannot be exchanged. A kill in between leaves the old folder under a temporary name that ends in "old".
void AtomicFolder::replace_in_two_steps() {
  const fs::path old = temporary_name(destination_, "old");
  rename_durably(destination_, old);
  try {
    rename_durably(temporary(), destination_);
  } catch (const IoError&) {
    rename_durably(old, destination_);
    throw;
  }
  fs::remove_all(old);
}

}  // namespace albert
