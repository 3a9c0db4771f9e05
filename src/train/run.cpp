#include "train/run.h"

#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "base/shown.h"

namespace albert::train {

namespace {

/// Whether a file or folder is one that a run makes before it has something to keep.
bool is_of_start(const fs::directory_entry& entry) {
  const fs::path name = entry.path().filename();
  return name == ".lock" || name == kRunLogFile || (entry.is_directory() && fs::is_empty(entry.path()));
}

}  // namespace

std::filesystem::path RunOptions::configuration() const {
  if (!config.empty()) return config;
  for (const char* name : {kRunConfigFile, kSeriesConfigFile}) {
    if (resume && std::filesystem::exists(run_dir / name)) return run_dir / name;
  }
  throw UsageError(
      "no configuration is given; name a recipe or a YAML file with --config (`albert config list` shows the recipes)");
}

std::string RunOptions::command_line(std::string_view command,
                                     const std::vector<std::pair<std::string, std::string>>& others) const {
  std::string line = fmt::format("albert {}", command);
  const auto add = [&](const std::string& option, const std::string& value) {
    if (!value.empty()) line += fmt::format(" {} {}", option, shell_quoted(value));
  };
  add("--config", config.string());
  for (const std::string& assignment : assignments) add("--set", assignment);
  for (const auto& [option, value] : others) add(option, value);
  add("--run-dir", run_dir.string());
  return line;
}

RunFolder::RunFolder(std::filesystem::path path, Start start) : path_(std::move(path)), made_(path_) {
  check_start(start);  // before anything is written to a folder that is none of a run
  lock_.emplace(path_);
  check_start(start);
}

RunFolder::~RunFolder() {
  if (!made_.is_new()) return;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path_, error)) {
    if (!is_of_start(entry)) return;
  }
  for (const auto& entry : fs::directory_iterator(path_, error)) fs::remove(entry.path(), error);
  made_.remove_empty();
}

void RunFolder::check_start(Start start) const {
  const bool is_run = fs::exists(configuration()) || fs::exists(metrics()) || fs::exists(checkpoints());
  if (start == Start::kResume && is_run) return;
  for (const auto& entry : fs::directory_iterator(path_)) {
    if (is_of_start(entry)) continue;  // left by a run that was killed before its first step
    const std::string name = entry.path().filename().string();
    if (!is_run)
      throw UsageError("{} is not empty and no run: it holds {}; name another --run-dir", path_.string(), name);
    throw UsageError(
        "the run directory {} is not empty: it holds {}; continue that run with --resume, or name another --run-dir",
        path_.string(), name);
  }
}

Run::Run(const RunOptions& options, RunCommand command)
    : folder_(options.run_dir, options.start()),
      log_(folder_.log()),
      resumes_(options.resume),
      command_(std::move(command)) {
  log_info("albert {}: {}", command_.version, resumes_ ? resume_command() : command_.line);
  log_info("all settings, and where each was written: {}", folder_.log().string());
}

}  // namespace albert::train
