#include "base/output.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/destination.h"
#include "base/error.h"

namespace albert {

namespace {

/// Throws where only the owner may replace what is there: in a folder with the sticky bit, as /tmp.
void require_replaceable(const fs::path& path) {
  struct stat entry {
  }, folder{};
  const fs::path parent = destination_of(path).parent_path();
  if (::stat(path.c_str(), &entry) != 0 || ::stat(parent.c_str(), &folder) != 0) return;
  const uid_t user = ::geteuid();
  const bool may_replace =
      (folder.st_mode & S_ISVTX) == 0 || user == 0 || user == entry.st_uid || user == folder.st_uid;
  if (may_replace) return;
  throw UsageError("--output {} is another user's, and only its owner may replace it in {}; name another place",
                   path.string(), parent.string());
}

}  // namespace

void check_output_file(const Output& output) {
  const fs::path& path = output.path;
  if (path == "-") throw UsageError("--output -: expected the name of a file; /dev/stdout is standard output");
  if (fs::is_directory(path)) {
    throw UsageError("--output {}: expected the name of a file, found that of a folder", path.string());
  }
  if (is_stream(path) || !fs::is_regular_file(path)) return;
  if (output.overwrite) return require_replaceable(path);
  throw UsageError("--output {} exists; give another name, or pass --overwrite to replace it", path.string());
}

void refuse_to_replace(const fs::path& path) {
  throw UsageError(
      "--output {} has been made by somebody else meanwhile; give another name, or pass --overwrite to replace it",
      path.string());
}

void OutputFolder::check() const {
  if (!fs::exists(path)) {
    if (!fs::is_symlink(path)) return;
    throw UsageError("--output {} is a link to {}, which is not there; make that folder, or remove the link",
                     path.string(), fs::read_symlink(path).string());
  }
  if (!fs::is_directory(path)) {
    throw UsageError("--output {} exists: expected the name of a folder, found that of a file", path.string());
  }
  check_content(path);
  require_replaceable(path);
}

void OutputFolder::check_content(const fs::path& folder) const {
  if (fs::is_empty(folder)) return;
  if (const std::string reason = why_foreign(folder); !reason.empty()) {
    throw UsageError("--output {} exists and is no {}, so it is not replaced: {}; name another folder", path.string(),
                     kind, reason);
  }
  if (overwrite) return;
  throw UsageError("--output {} exists; name another folder, or pass --overwrite to replace the {}", path.string(),
                   kind);
}

}  // namespace albert
