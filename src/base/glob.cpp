#include "base/glob.h"

#include <algorithm>

#include <glob.h>

#include "base/error.h"

namespace albert {

bool is_pattern(const std::string& path) {
  return path.find_first_of("*?[") != std::string::npos;
}

std::vector<fs::path> matches_of(const std::string& pattern) {
  glob_t found{};
  const int status = ::glob(pattern.c_str(), GLOB_ERR, nullptr, &found);
  std::vector<fs::path> paths(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (status != 0 && status != GLOB_NOMATCH) throw IoError("cannot read the folder of {}", pattern);
  std::ranges::sort(paths, {}, &fs::path::native);
  return paths;
}

namespace {

/// Whether two names are of one file, also where a pipe has no name of its own (/dev/stdin).
bool are_same(const fs::path& one, const fs::path& other) {
  std::error_code error;
  return one == other || fs::equivalent(one, other, error);
}

}  // namespace

std::vector<fs::path> expand_patterns(const std::vector<fs::path>& paths) {
  std::vector<fs::path> found;
  for (const fs::path& path : paths) {
    const bool is_matched = !fs::exists(path) && is_pattern(path.string());
    const std::vector<fs::path> matches = is_matched ? matches_of(path.string()) : std::vector{path};
    if (matches.empty()) throw DataError("{}: no file or folder matches the pattern", path.string());
    for (const fs::path& match : matches) {
      const auto is_there = [&](const fs::path& other) { return are_same(match, other); };
      if (std::ranges::none_of(found, is_there)) found.push_back(match);
    }
  }
  return found;
}

}  // namespace albert
