#include "base/durable.h"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/error.h"
#include "base/system_call.h"

namespace albert {

namespace {

void sync(const Descriptor& file, const fs::path& path) {
  // Some file systems cannot sync a folder and say EINVAL; there is nothing more to do on those.
  if (uninterrupted([&] { return ::fsync(file.value()); }) != 0 && errno != EINVAL) {
    throw IoError::from_errno(fmt::format("cannot sync {}", path.string()));
  }
}

/// Where the file system does not know how to rename without replacing. A folder, and a file where files have one name
/// only, is renamed if its new name is free when this looks.
/// \return false if something has the name
bool rename_by_a_second_name(const fs::path& from, const fs::path& to) {
  if (!fs::is_directory(fs::symlink_status(from))) {
    if (uninterrupted([&] { return ::link(from.c_str(), to.c_str()); }) == 0) {
      if (uninterrupted([&] { return ::unlink(from.c_str()); }) == 0) return true;
      const IoError error = IoError::from_errno(fmt::format("cannot remove {}", from.string()));
      ::unlink(to.c_str());
      throw error;
    }
    if (errno == EEXIST) return false;
  }
  std::error_code error;
  if (fs::exists(fs::symlink_status(to, error))) return false;
  rename_file(from, to);
  return true;
}

}  // namespace

void sync_to_disk(const fs::path& path) {
  sync(Descriptor(path, O_RDONLY), path);
}

void sync_folder_of(const fs::path& path) {
  sync_to_disk(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

void rename_file(const fs::path& from, const fs::path& to) {
  if (uninterrupted([&] { return ::rename(from.c_str(), to.c_str()); }) != 0) {
    throw IoError::from_errno(fmt::format("cannot rename {} to {}", from.string(), to.string()));
  }
}

bool rename_to_free_name(const fs::path& from, const fs::path& to) {
  const auto rename_it = [&] { return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE); };
  if (uninterrupted(rename_it) == 0) return true;
  if (errno == EEXIST) return false;
  if (errno != ENOSYS && errno != EINVAL) {
    throw IoError::from_errno(fmt::format("cannot rename {} to {}", from.string(), to.string()));
  }
  return rename_by_a_second_name(from, to);
}

void rename_durably(const fs::path& from, const fs::path& to) {
  std::error_code ignored;
  const bool replaces = fs::exists(fs::symlink_status(to, ignored));
  keep_permissions(to, from);
  rename_file(from, to);
  try {
    sync_folder_of(to);
  } catch (const IoError&) {
    if (!replaces) fs::rename(to, from, ignored);
    throw;
  }
}

void keep_permissions(const fs::path& replaced, const fs::path& path) {
  std::error_code error;
  const fs::file_status old = fs::symlink_status(replaced, error);
  const fs::file_status now = fs::symlink_status(path, error);
  const bool is_of_a_kind = old.type() == now.type() && (fs::is_regular_file(old) || fs::is_directory(old));
  const fs::perms wanted = (old.permissions() & ~fs::perms::sticky_bit) | (now.permissions() & fs::perms::sticky_bit);
  if (!is_of_a_kind || wanted == now.permissions()) return;
  const Descriptor file(path, O_RDONLY);
  if (::fchmod(file.value(), static_cast<mode_t>(wanted)) != 0) {
    throw IoError::from_errno(fmt::format("cannot give {} the permissions of {}", path.string(), replaced.string()));
  }
  sync(file, path);
}

}  // namespace albert
