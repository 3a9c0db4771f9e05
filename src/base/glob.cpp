#include "base/glob.h"

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

#include <glob.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/log.h"

namespace albert {

namespace {

bool is_pattern(const fs::path& path) {
  std::error_code error;
  return path.native().find_first_of("*?[") != std::string::npos && !fs::exists(path, error);
}

/// What a pattern matches, in the order of the paths.
std::vector<fs::path> matches_of(const std::string& pattern) {
  glob_t found{};
  const int status = ::glob(pattern.c_str(), GLOB_ERR, nullptr, &found);
  const int reason = errno;
  std::vector<fs::path> paths(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (status == GLOB_NOMATCH) throw IoError("no file or folder matches {}", pattern);
  if (status != 0) {
    errno = reason;
    throw IoError::from_errno(fmt::format("cannot read the folder of {}", pattern));
  }
  std::ranges::sort(paths, {}, &fs::path::native);
  return paths;
}

}  // namespace

void DistinctPaths::add(const fs::path& path) {
  if (is_new(path)) {
    paths_.push_back(path);
  } else {
    log_warning("{} is named twice; it is read once", path.string());
  }
}

bool DistinctPaths::is_new(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return names_.insert(path).second;
  return files_.emplace(status.st_dev, status.st_ino).second;
}

std::vector<fs::path> distinct(const std::vector<fs::path>& paths) {
  DistinctPaths distinct;
  for (const fs::path& path : paths) distinct.add(path);
  return distinct.take();
}

std::vector<fs::path> expand_patterns(const std::vector<fs::path>& paths) {
  DistinctPaths distinct;
  for (const fs::path& path : paths) {
    const std::vector<fs::path> named = is_pattern(path) ? matches_of(path.string()) : std::vector{path};
    for (const fs::path& each : named) distinct.add(each);
  }
  return distinct.take();
}

}  // namespace albert
