#pragma once

#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/descriptor.h"
#include "base/folder_lock.h"
#include "base/log.h"
#include "base/made_folders.h"

/// How a training command opens its run: what it is told, the folder, and how the folder's files are called.
namespace albert::train {

/// The resolved configuration in the folder of a run.
inline constexpr const char* kRunConfigFile = "run.yaml";
/// What the clock said of each update of a run by minutes; see train/course.h.
inline constexpr const char* kClockFile = "clock.txt";
/// Its records, see MetricsLog.
inline constexpr const char* kMetricsFile = "metrics.jsonl";
/// What the log said.
inline constexpr const char* kRunLogFile = "run.log";
/// What a line of it begins with that tells the error by which the run ended.
inline constexpr std::string_view kFailureMark = "the run has failed: ";
/// With its level: each sitting has such a line, which tells its version and command, before it does anything.
inline constexpr std::string_view kSittingMark = " I albert ";
/// What several runs have in common, in the folder that holds theirs; and how they ended. See train/series.h.
inline constexpr const char* kSeriesConfigFile = "runs.yaml";
inline constexpr const char* kSeriesFile = "runs.json";

/// The folder of a run, held by one process at a time:
///
///     metrics.jsonl               see MetricsLog
///     figures.json                the last figures of a fine-tuning, as `albert evaluate` gives them, and their `step`
///     run.yaml                    the resolved configuration
///     clock.txt                   see ClockFile; of a run by train.minutes
///     run.log                     what the log said, with every setting and where it was written
///     tensorboard/                see TensorBoardWriter
///     checkpoints/step-NNNNNNNN/  see checkpoint::CheckpointStore, with the links `latest` and `best`
class RunFolder {
 public:
  enum class Start { kNew, kResume };
  /// One run, or several, each in a folder within (train/series.h).
  enum class Holds { kRun, kSeries };

  /// Makes the folder if it is not there and locks it. A folder that it made is gone with the object if nothing was
  /// written to it.
  /// Throws UsageError if another process holds it, if a new run is to start in a folder that is not empty, or if what
  /// is to be resumed is nothing of the kind.
  RunFolder(std::filesystem::path path, Start start, Holds holds = Holds::kRun);
  ~RunFolder();
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Throws IoError if the folder was moved away or deleted since: what is written to its path would begin another one.
  void require_in_place() const;
  std::filesystem::path metrics() const { return path_ / kMetricsFile; }
  std::filesystem::path figures() const { return path_ / "figures.json"; }
  std::filesystem::path configuration() const { return path_ / kRunConfigFile; }
  std::filesystem::path clock() const { return path_ / kClockFile; }
  std::filesystem::path log() const { return path_ / kRunLogFile; }
  std::filesystem::path tensorboard() const { return path_ / "tensorboard"; }
  std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }

 private:
  /// Throws UsageError if a link stands where the run writes a file: what it points at would be lost.
  void refuse_links() const;
  bool is_begun(Holds holds) const;
  void check_start(Start start, Holds holds) const;

  std::filesystem::path path_;
  MadeFolders made_;
  std::optional<FolderLock> lock_;
  std::optional<Descriptor> here_;  ///< of the folder, so that no other one can get its number
};

/// What every training command is told on its command line.
struct RunOptions {
  std::filesystem::path config;          ///< empty: on resuming, the configuration of the run itself
  std::vector<std::string> assignments;  ///< what --set says
  std::filesystem::path run_dir;
  bool resume = false;
  int ranks = 1;  ///< processes to start on this host

  /// The file to read: `config`, or on resuming the one of that name in the run directory.
  /// Throws UsageError if there is none.
  std::filesystem::path configuration(const char* name = kRunConfigFile) const;
  RunFolder::Start start() const { return resume ? RunFolder::Start::kResume : RunFolder::Start::kNew; }
  /// The command that these options came from, ready for a shell, but for --resume.
  /// \param command its name: "pretrain"
  /// \param others further options with their values; those with an empty value are left out
  std::string command_line(std::string_view command,
                           const std::vector<std::pair<std::string, std::string>>& others) const;
};

/// How a training command was called.
struct RunCommand {
  std::string line;            ///< ready for a shell, but for --resume; see RunOptions::command_line()
  std::string weights_option;  ///< the option that takes the weights of another model: "--init-from"
  std::string version;         ///< the program's

  std::string resume_line() const { return line + " --resume"; }
  /// What a StopNotice is to say of a signal that comes while no update is made.
  std::string remark_on_stop() const { return "; what was saved before stays. To go on:\n  " + resume_line(); }
};

/// The run that a command was called for, opened: new, or to be resumed.
class Run {
 public:
  /// Opens the folder and its log, which begins with the command line.
  /// \param writes false for the ranks that leave that to the first one: they need not see the folder
  /// Throws as RunFolder and LogFile.
  Run(const RunOptions& options, RunCommand command, bool writes = true);

  bool writes() const { return folder_.has_value(); }
  /// Only of a run that writes().
  const RunFolder& folder() const { return folder_.value(); }
  /// Whether to go on from the folder's latest checkpoint, if it has one.
  bool resumes() const { return resumes_; }
  /// What to tell a user who interrupted the run.
  std::string resume_command() const { return command_.resume_line(); }
  /// Tells the run's log, which ends then, by what error the run does: the terminal will hear of it from main().
  void note_failure(const std::exception& error) const;
  /// What to tell a user who wants another run from the weights of this one: the option that takes them.
  const std::string& weights_option() const { return command_.weights_option; }

 private:
  std::optional<RunFolder> folder_;
  std::optional<LogFile> log_;
  bool resumes_;
  RunCommand command_;
};

}  // namespace albert::train
