#include "corpus/inputs.h"

#include <algorithm>
#include <set>
#include <system_error>

#include "base/error.h"
#include "base/glob.h"
#include "base/log.h"

namespace albert::corpus {

namespace fs = std::filesystem;

namespace {

bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

InputFile input_file(const fs::path& path) {
  InputFile file{path, std::nullopt};
  std::error_code error;
  if (fs::is_regular_file(path, error)) file.size_bytes = fs::file_size(path, error);
  if (error) throw IoError("cannot read {}: {}", path.string(), error.message());
  return file;
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (is_hidden(it->path())) {
      it.disable_recursion_pending();
    } else if (it->is_regular_file()) {
      files.push_back(it->path());
    }
  }
  if (error) throw IoError("cannot read folder {}: {}", folder.string(), error.message());
  std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); });
  return files;
}

/// What an argument names: files and folders.
std::vector<fs::path> expand(const std::string& argument) {
  std::error_code error;
  if (fs::exists(argument, error)) return {argument};
  if (!is_pattern(argument)) {
    throw IoError("cannot read input {}: {}", argument, error ? error.message() : "no such file or folder");
  }
  std::vector<fs::path> paths = matches_of(argument);
  if (paths.empty()) throw IoError("no file matches input {}", argument);
  return paths;
}

}  // namespace

std::vector<InputFile> discover_inputs(std::span<const std::string> arguments) {
  std::vector<InputFile> inputs;
  std::set<fs::path> seen;
  const auto add = [&](const fs::path& path) {
    std::error_code error;
    const fs::path place = fs::weakly_canonical(path, error);
    if (!seen.insert(error ? path : place).second) {  // a pipe on /dev/stdin has no place
      log_warning("{} is named twice; it is read once", path.string());
    } else {
      inputs.push_back(input_file(path));
    }
  };
  for (const std::string& argument : arguments) {
    for (const fs::path& path : expand(argument)) {
      if (!fs::is_directory(path)) {
        add(path);
        continue;
      }
      const std::vector<fs::path> files = files_in(path);
      if (files.empty()) log_warning("folder {} holds no files", path.string());
      std::for_each(files.begin(), files.end(), add);
    }
  }
  if (inputs.empty()) throw DataError("the input holds no file; name at least one file with text");
  return inputs;
}

}  // namespace albert::corpus
