#include "train/run_folder.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace albert::train {

namespace {

std::filesystem::path made(std::filesystem::path path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw IoError("cannot create the run directory {}: {}", path.string(), error.message());
  return path;
}

}  // namespace

RunFolder::RunFolder(std::filesystem::path path, Start start) : path_(made(std::move(path))), lock_(path_) {
  const bool is_run = fs::exists(configuration()) || fs::exists(metrics()) || fs::exists(checkpoints());
  if (start == Start::kResume && is_run) return;
  for (const auto& entry : fs::directory_iterator(path_)) {
    if (entry.path().filename() == ".lock") continue;
    if (entry.is_directory() && fs::is_empty(entry.path())) continue;  // of a run that failed before its first step
    const std::string name = entry.path().filename().string();
    if (!is_run)
      throw UsageError("{} is not empty and no run: it holds {}; name another --run-dir", path_.string(), name);
    throw UsageError(
        "the run directory {} is not empty: it holds {}; continue that run with --resume, or name another --run-dir",
        path_.string(), name);
  }
}

}  // namespace albert::train
