#include "corpus/inputs.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fnmatch.h>

#include "base/error.h"
#include "base/glob.h"
#include "base/log.h"

namespace albert::corpus {

namespace fs = std::filesystem;

namespace {

bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

/// What cannot be opened has a size of 0.
InputFile input_file(const fs::path& path) {
  std::error_code error;
  const fs::file_type type = fs::status(path, error).type();
  if (type == fs::file_type::regular) return {path, fs::file_size(path)};
  const bool opens = type != fs::file_type::not_found && type != fs::file_type::directory;
  return {path, opens ? std::nullopt : std::optional<std::uint64_t>(0)};
}

bool matches(const std::vector<std::string>& patterns, const fs::path& path) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    const fs::path& compared = pattern.find('/') == std::string::npos ? path.filename() : path;
    return ::fnmatch(pattern.c_str(), compared.c_str(), 0) == 0;
  });
}

/// Collects the files of a folder that the options select.
class FolderWalk {
 public:
  FolderWalk(fs::path root, const InputOptions& options) : root_(std::move(root)), options_(options) {}

  /// Sorted by their paths.
  std::vector<fs::path> files() {
    walk(root_);
    std::ranges::sort(files_, [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); });
    return files_;
  }

 private:
  void walk(const fs::path& folder) {
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      if (!is_hidden(it->path())) add(*it);
    }
    if (error && folder == root_) throw IoError("cannot read folder {}: {}", folder.string(), error.message());
    if (error) files_.push_back(folder);
  }

  void add(const fs::directory_entry& entry) {
    const fs::path path = entry.path().lexically_relative(root_);
    if (matches(options_.exclude, path)) return;
    std::error_code error;
    const fs::file_type type = entry.status(error).type();
    if (type == fs::file_type::directory) {
      if (entry.is_symlink()) {
        log_warning("{} is a link to a folder, which is not followed; name it as an input if it should be read",
                    entry.path().string());
      } else {
        walk(entry.path());
      }
    } else if (type == fs::file_type::regular || type == fs::file_type::not_found) {
      if (options_.include.empty() || matches(options_.include, path)) files_.push_back(entry.path());
    } else {
      log_warning("{} is no file, but a pipe or a device, and is not read", entry.path().string());
    }
  }

  fs::path root_;
  const InputOptions& options_;
  std::vector<fs::path> files_;
};

/// What the arguments name.
std::vector<fs::path> expand(const std::vector<std::string>& arguments) {
  std::vector<fs::path> paths = expand_patterns({arguments.begin(), arguments.end()});
  for (const fs::path& path : paths) {
    std::error_code error;
    if (fs::exists(fs::symlink_status(path, error))) continue;
    throw IoError("cannot read input {}: {}", path.string(), error ? error.message() : "no such file or folder");
  }
  return paths;
}

}  // namespace

std::vector<InputFile> discover_inputs(const InputOptions& options) {
  DistinctPaths files;
  bool any_folder = false;
  const bool selects = !options.include.empty() || !options.exclude.empty();
  for (const fs::path& path : expand(options.paths)) {
    if (!fs::is_directory(path)) {
      files.add(path);
      continue;
    }
    any_folder = true;
    const std::vector<fs::path> found = FolderWalk(path, options).files();
    if (found.empty()) log_warning("folder {} holds no files{}", path.string(), selects ? " that are selected" : "");
    for (const fs::path& file : found) files.add(file);
  }
  if (selects && !any_folder)
    throw UsageError("--include and --exclude select files of folders, but no input is a folder; leave them out");
  std::vector<InputFile> inputs;
  for (const fs::path& file : files.take()) inputs.push_back(input_file(file));
  if (inputs.empty()) throw DataError("the input holds no file; name at least one file with text");
  return inputs;
}

}  // namespace albert::corpus
