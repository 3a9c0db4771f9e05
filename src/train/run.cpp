#include "train/run.h"

#include <algorithm>
#include <utility>

#include <sys/stat.h>

#include "base/error.h"
#include "base/folder_lock.h"
#include "base/log.h"
#include "base/shown.h"
#include "base/temporary_entry.h"
#include "checkpoint/manifest.h"

namespace albert::train {

namespace {

/// Whether a file or folder is one that a run makes before it has something to keep, or what a kill left of one.
bool is_of_start(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  if (entry.is_symlink() || !entry.is_directory())
    return name == kLockFile || name == kRunLogFile || parse_temporary_name(name).has_value();
  return std::ranges::all_of(fs::directory_iterator(entry.path()), is_of_start);
}

/// Whether a folder is one that `albert` and Transformers open: a checkpoint has the configuration of its run, too.
bool is_model(const fs::path& folder) {
  return fs::exists(folder / checkpoint::kConfigFile);
}

}  // namespace

std::filesystem::path RunOptions::configuration(const char* name) const {
  if (!config.empty()) return config;
  if (resume && std::filesystem::exists(run_dir / name)) return run_dir / name;
  if (resume && std::filesystem::exists(run_dir / kSeriesConfigFile)) {
    throw UsageError(
        "{} holds several runs; repeat the command that began them, with its --seeds, --folds and --sweep, and "
        "--resume",
        run_dir.string());
  }
  throw UsageError(
      "no configuration is given{}; name a recipe or a YAML file with --config (`albert config list` shows the "
      "recipes)",
      resume ? fmt::format(", and {} holds no {}", run_dir.string(), name) : "");
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
  if (ranks > 1) add("--ranks", std::to_string(ranks));
  return line;
}

RunFolder::RunFolder(std::filesystem::path path, Start start, Holds holds) : path_(std::move(path)), made_(path_) {
  check_start(start, holds);  // before anything is written to a folder that is none of a run
  lock_.emplace(path_);
  here_.emplace(path_, O_PATH | O_DIRECTORY | O_CLOEXEC);
  check_start(start, holds);
}

void RunFolder::require_in_place() const {
  struct stat here {
  }, there{};
  if (::fstat(here_->value(), &here) != 0) throw IoError::from_errno(fmt::format("cannot examine {}", path_.string()));
  if (::stat(path_.c_str(), &there) == 0 && here.st_dev == there.st_dev && here.st_ino == there.st_ino) return;
  throw IoError(
      "{}: the folder of the run was moved or deleted while the run was going on, and nothing is written any more; put "
      "it back and go on with --resume from its latest checkpoint",
      path_.string());
}

RunFolder::~RunFolder() {
  std::error_code error;
  const fs::directory_iterator entries(path_, error);
  if (!made_.is_new() || !std::ranges::all_of(entries, is_of_start)) return;
  for (const auto& entry : fs::directory_iterator(path_, error)) fs::remove_all(entry.path(), error);
  made_.remove_empty();
}

void RunFolder::refuse_links() const {
  for (const fs::path& file :
       {configuration(), metrics(), figures(), log(), path_ / kSeriesConfigFile, path_ / kSeriesFile}) {
    if (!fs::is_symlink(file)) continue;
    throw UsageError("{}: expected a file of the run, found a link; move it away", file.string());
  }
}

bool RunFolder::is_begun(Holds holds) const {
  if (is_model(path_)) return false;
  if (holds == Holds::kSeries) return fs::exists(path_ / kSeriesConfigFile);
  return fs::exists(configuration()) || fs::exists(metrics()) || fs::exists(checkpoints());
}

void RunFolder::check_start(Start start, Holds holds) const {
  refuse_links();
  const bool is_one = is_begun(holds);
  if (start == Start::kResume && is_one) return;
  for (const auto& entry : fs::directory_iterator(path_)) {
    if (is_of_start(entry)) continue;  // left by a run that was killed before its first step
    const std::string name = entry.path().filename().string();
    const char* kind = holds == Holds::kRun ? "run" : "series of runs";
    if (is_model(path_)) {
      throw UsageError("{} is no {}, but a model: a checkpoint of a run, or a copy of one; name {} --run-dir",
                       path_.string(), kind, start == Start::kResume ? "the run's own folder as" : "another");
    }
    if (!is_one) {
      throw UsageError("{} is not empty and no {}: it holds {}; name another --run-dir", path_.string(), kind, name);
    }
    throw UsageError(
        "the run directory {} is not empty: it holds {}; continue that {} with --resume, or name another --run-dir",
        path_.string(), name, kind);
  }
}

Run::Run(const RunOptions& options, RunCommand command, bool writes)
    : resumes_(options.resume), command_(std::move(command)) {
  if (!writes) return;
  folder_.emplace(options.run_dir, options.start());
  log_.emplace(folder_->log());
  log_info("albert {}: {}", command_.version, resumes_ ? resume_command() : command_.line);
  log_info("all settings, and where each was written: {}", folder_->log().string());
}

void Run::note_failure(const std::exception& error) const {
  if (!writes()) return;
  const std::string_view message = error.what();
  log_debug("{}{}", kFailureMark, message.substr(0, message.find('\n')));  // LibTorch's go on with the calls
}

}  // namespace albert::train
