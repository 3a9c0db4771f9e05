#include "corpus/files/inputs.h"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>

#include <fnmatch.h>

#include "base/destination.h"
#include "base/error.h"
#include "base/glob.h"
#include "base/log.h"
#include "corpus/files/input_list.h"

namespace albert::corpus {

namespace fs = std::filesystem;

namespace {

bool lies_in(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

/// What cannot be opened has a size of 0.
InputFile input_file(const fs::path& path) {
  if (descriptor_of(path)) return {.path = path};
  std::error_code error;
  const fs::file_type type = fs::status(path, error).type();
  if (type == fs::file_type::regular) return {.path = path, .size_bytes = fs::file_size(path)};
  const bool opens = type != fs::file_type::not_found && type != fs::file_type::directory;
  return {.path = path, .size_bytes = opens ? std::nullopt : std::optional<std::uint64_t>(0)};
}

/// Patterns that select files, and which of them have done so.
class Patterns {
 public:
  explicit Patterns(std::vector<std::string> patterns)
      : patterns_(std::move(patterns)), has_matched_(patterns_.size()) {}

  bool is_empty() const { return patterns_.empty(); }

  /// \param path within the folder that is read
  bool match(const fs::path& path) {
    bool is_match = false;
    for (std::size_t i = 0; i < patterns_.size(); ++i) {
      const fs::path pattern = within_folder(patterns_[i]);
      const fs::path& compared = pattern.has_parent_path() ? path : path.filename();
      if (::fnmatch(pattern.c_str(), compared.c_str(), 0) != 0) continue;
      is_match = has_matched_[i] = true;
    }
    return is_match;
  }

  /// \param option of which they are
  void warn_of_unmatched(std::string_view option) const {
    for (std::size_t i = 0; i < patterns_.size(); ++i) {
      if (!has_matched_[i]) log_warning("{} {}: no file or folder within the inputs matches it", option, patterns_[i]);
    }
  }

 private:
  /// "drafts" of "drafts/" and "./drafts".
  static fs::path within_folder(const fs::path& pattern) {
    const fs::path path = pattern.lexically_normal();
    return path.has_filename() ? path : path.parent_path();
  }

  std::vector<std::string> patterns_;
  std::vector<bool> has_matched_;
};

/// What --include and --exclude say.
struct Selection {
  Patterns include;
  Patterns exclude;
};

/// Collects the files of a folder that the options select.
class FolderWalk {
 public:
  FolderWalk(fs::path root, Selection& selection) : root_(std::move(root)), selection_(selection) {}

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
    if (selection_.exclude.match(path)) return;
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
      if (selection_.include.is_empty() || selection_.include.match(path)) files_.push_back(entry.path());
    } else {
      log_warning("{} is no file, but a pipe or a device, and is not read", entry.path().string());
    }
  }

  fs::path root_;
  Selection& selection_;
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

Inputs discover_inputs(const InputOptions& options) {
  Inputs inputs;
  DistinctPaths files;
  Selection selection{Patterns(options.include), Patterns(options.exclude)};
  const bool selects = !options.include.empty() || !options.exclude.empty();
  for (const fs::path& path : expand(expand_lists(options.paths))) {
    if (!fs::is_directory(path)) {
      files.add(path);
      continue;
    }
    inputs.folders.push_back(path);
    const std::vector<fs::path> found = FolderWalk(path, selection).files();
    if (found.empty()) log_warning("folder {} holds no files{}", path.string(), selects ? " that are selected" : "");
    for (const fs::path& file : found) files.add(file);
  }
  if (selects && inputs.folders.empty())
    throw UsageError("--include and --exclude select files of folders, but no input is a folder; leave them out");
  selection.include.warn_of_unmatched("--include");
  selection.exclude.warn_of_unmatched("--exclude");
  for (const fs::path& file : files.take()) {
    inputs.files.push_back(input_file(file));
    inputs.files.back().number = static_cast<std::uint32_t>(inputs.files.size());
  }
  if (inputs.files.empty()) throw DataError("the input holds no file; name at least one file with text");
  return inputs;
}

void require_apart(const fs::path& output, const Inputs& inputs) {
  const fs::path place = destination_of(output);
  for (const fs::path& folder : inputs.folders) {
    if (!lies_in(place, fs::weakly_canonical(folder))) continue;
    throw UsageError(
        "the output {} lies in the input folder {}, and would be read as text next time; choose another folder",
        output.string(), folder.string());
  }
  for (const InputFile& file : inputs.files) {
    std::error_code error;
    const fs::path path = fs::weakly_canonical(file.path, error);
    if (error || !lies_in(path, place)) continue;  // a pipe on /dev/stdin has no path
    throw UsageError("the input {} lies in the output folder {}, and would be read as text; choose another folder",
                     file.path.string(), output.string());
  }
}

}  // namespace albert::corpus
