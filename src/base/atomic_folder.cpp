#include "base/atomic_folder.h"

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include "base/destination.h"
#include "base/durable.h"
#include "base/error.h"
#include "base/log.h"
#include "base/shown.h"
#include "base/signals.h"
#include "base/system_call.h"

namespace albert {

namespace {

/// Also where a folder of the same file system is mounted.
bool is_mounted(const fs::path& path) {
  struct statx entry {};
  if (::statx(AT_FDCWD, path.c_str(), 0, STATX_BASIC_STATS, &entry) != 0) return false;
  if ((entry.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0)
    return (entry.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
  struct stat inner {};
  struct stat outer {};
  return ::stat(path.c_str(), &inner) == 0 && ::stat(path.parent_path().c_str(), &outer) == 0 &&
         inner.st_dev != outer.st_dev;
}

/// A folder as its name is to be replaced: what a symbolic link points at, "." and "corpus/" by their names.
/// Throws UsageError if its name cannot be given to another one.
fs::path replaceable(const fs::path& folder) {
  fs::path path = destination_of(folder.has_filename() ? folder : folder.parent_path());
  if (!path.has_filename()) path = path.parent_path();
  if (!fs::exists(path)) return path;
  if (fs::equivalent(path, fs::current_path())) {
    throw UsageError("{} is the current folder, which cannot be replaced; name a folder in it", folder.string());
  }
  if (is_mounted(path)) {
    throw UsageError("{} is a mounted file system, which cannot be replaced; name a folder in it", folder.string());
  }
  return path;
}

/// Two folders take each other's names at once.
/// \return false if the file system cannot
bool exchange(const fs::path& one, const fs::path& other) {
  const auto rename_both = [&] { return ::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE); };
  if (uninterrupted(rename_both) == 0) return true;
  if (errno == ENOSYS || errno == EINVAL) return false;
  throw IoError::from_errno(fmt::format("cannot rename {} to {}", one.string(), other.string()));
}

void remove_old(const fs::path& old, const fs::path& destination) {
  std::error_code error;
  fs::remove_all(old, error);
  if (error) fs::remove_all(old, error);  // another process that found it marked may be removing it, too
  if (!error) return;
  log_warning("{} is written; what it replaces could not be removed: {}; remove it: rm -r {}", destination.string(),
              error.message(), shell_quoted(old.string()));
}

}  // namespace

AtomicFolder::AtomicFolder(const fs::path& destination) : destination_(replaceable(destination)) {
  parents_.emplace(destination_.parent_path());
  try {
    temporary_.emplace(destination_, TemporaryEntry::Kind::kFolder);
    replaces_ = fs::exists(destination_);  // what no other process is writing any more
  } catch (...) {
    parents_->remove_empty();
    throw;
  }
}

AtomicFolder::AtomicFolder(OutputFolder output) : AtomicFolder(output.path) {
  output_ = std::move(output);
  output_->check();
}

AtomicFolder::~AtomicFolder() {
  if (committed_) return;
  temporary_.reset();
  parents_->remove_empty();
}

void AtomicFolder::commit() {
  sync_files();
  std::optional<fs::path> old;
  if (replaces_ && fs::exists(destination_)) {
    old = replace();
  } else {
    take_name();
  }
  try {
    sync_folder_of(destination_);
  } catch (const IoError&) {
    take_back(old);
    throw;
  }
  temporary_->release();
  committed_ = true;
  if (old) remove_old(*old, destination_);
  live_old_.reset();
}

void AtomicFolder::sync_files() const {
  for (const auto& entry : fs::recursive_directory_iterator(temporary())) {
    sync_to_disk(entry.path());
    keep_permissions(destination_ / entry.path().lexically_relative(temporary()), entry.path());
  }
  sync_to_disk(temporary());
}

/// Takes a name that nothing has.
void AtomicFolder::take_name() {
  if (rename_to_free_name(temporary(), destination_)) return;
  throw UsageError("{} has been made by somebody else meanwhile, and is not replaced; name another folder",
                   destination_.string());
}

/// \return where the old folder is, which is marked as a leftover
fs::path AtomicFolder::replace() {
  const SignalDelay whole;  // what ends the process then would remove what lay there
  if (output_) output_->check_content(destination_);
  keep_permissions(destination_, temporary());
  fs::path old = exchange(temporary(), destination_) ? temporary() : replace_in_two_steps();
  try {
    if (output_) output_->check_content(old);  // nobody finds it under its name any more
  } catch (...) {
    take_back(old);
    throw;
  }
  mark_leftover(old);
  live_old_.emplace(old.string());  // a signal that ends the process from now on removes it
  return old;
}

/// Undoes the replacement.
void AtomicFolder::give_back(const fs::path& old) {
  if (old == temporary()) {
    exchange(old, destination_);
    return;
  }
  rename_file(destination_, temporary());
  rename_file(old, destination_);
  sync_folder_of(destination_);
}

/// After the folder has got its name, and is not to have it: what is reported as not written is not there. Where that
/// cannot be done, nothing removes the old folder.
void AtomicFolder::take_back(const std::optional<fs::path>& old) {
  const SignalDelay whole;  // what ends the process now would remove what lay there
  try {
    if (!old) return rename_file(destination_, temporary());
    mark_leftover(*old, false);
    give_back(*old);
  } catch (const IoError& error) {
    const bool is_elsewhere = old && fs::exists(*old);
    log_warning("{}: {}{}", destination_.string(), error.what(),
                is_elsewhere ? fmt::format("; what lay there is {}", old->string()) : "");
    if (!is_elsewhere) return;
    live_old_.reset();
    if (*old == temporary()) temporary_->release();
  }
}

/// Where names cannot be exchanged. A kill in between leaves the old folder under a temporary name that ends in "old".
fs::path AtomicFolder::replace_in_two_steps() {
  fs::path old = temporary_name(destination_, "old");
  rename_durably(destination_, old);
  try {
    rename_durably(temporary(), destination_);
  } catch (const IoError&) {
    rename_file(old, destination_);  // whether the disk takes it or not, that is its name
    throw;
  }
  return old;
}

}  // namespace albert
