#include "train/clean_runs.h"

#include <algorithm>
#include <optional>

#include <spdlog/fmt/ranges.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/folder_lock.h"
#include "base/glob.h"
#include "base/progress.h"
#include "base/shown.h"
#include "train/run.h"
#include "train/run_list.h"

namespace albert::train {

namespace {

/// Whether somebody trains the run, or the series that it is of, which may come back to it.
bool is_in_use(const fs::path& run) {
  const fs::path above = fs::canonical(run).parent_path();
  return is_locked(run) || (fs::exists(above / kSeriesConfigFile) && is_locked(above));
}

CleanedRun clean_run(const fs::path& run, const CleanOptions& options) {
  CleanedRun cleaned;
  cleaned.path = run;
  try {
    if (is_in_use(run)) {
      cleaned.why_not = "is training: left alone";
      return cleaned;
    }
    std::optional<FolderLock> lock;
    if (options.removes) lock.emplace(run);
    const fs::path checkpoints = run / "checkpoints";
    cleaned.cleaning = checkpoint::plan_cleaning(checkpoints, options.rule);
    if (options.removes) checkpoint::carry_out(checkpoints, cleaned.cleaning);
    cleaned.is_done = options.removes;
  } catch (const Error& error) {
    cleaned.why_not = error.what();
    cleaned.failed = true;
  } catch (const fs::filesystem_error& error) {
    cleaned.why_not = fmt::format("{}: {}", error.path1().string(), error.code().message());
    cleaned.failed = true;
  }
  return cleaned;
}

std::string describe(const checkpoint::Removal& removal) {
  const std::string name = printable(removal.path.filename().string());
  const std::string size = format_bytes(removal.size_bytes);
  if (!removal.files.empty()) return fmt::format("{}: {}, {}", name, fmt::join(removal.files, " and "), size);
  return fmt::format("{}, {}", name, size);
}

std::string describe(const CleanedRun& run) {
  const std::string name = printable(run.path.string());
  if (!run.why_not.empty()) return fmt::format("{}: {}\n", name, printable(run.why_not));
  std::string text;
  for (const checkpoint::Removal& removal : run.cleaning.removals) {
    text += fmt::format("  {}: {}\n", run.is_done ? "removed" : "goes", describe(removal));
  }
  for (const checkpoint::Kept& kept : run.cleaning.kept) {
    text += fmt::format("  stays: {}: {}{}\n", printable(kept.path.filename().string()), printable(kept.reason),
                        kept.is_in_doubt ? "; look at it, and remove it yourself if nothing needs it" : "");
  }
  return fmt::format("{}: {}\n{}", name,
                     run.cleaning.removals.empty() ? "nothing to remove" : format_bytes(run.cleaning.size_bytes()),
                     text);
}

}  // namespace

std::vector<CleanedRun> clean_runs(const CleanOptions& options) {
  DistinctPaths runs;
  for (const fs::path& folder : options.folders) {
    const std::vector<fs::path> found = find_runs(folder);
    if (found.empty()) throw UsageError("{} is no run and holds none; `albert runs` lists runs", folder.string());
    for (const fs::path& run : found) runs.add(run);
  }
  std::vector<CleanedRun> cleaned;
  for (const fs::path& run : runs.take()) cleaned.push_back(clean_run(run, options));
  return cleaned;
}

std::string to_text(const std::vector<CleanedRun>& runs, const CleanOptions& options) {
  std::string text;
  std::uint64_t size_bytes = 0;
  for (const CleanedRun& run : runs) {
    text += describe(run);
    if (run.why_not.empty()) size_bytes += run.cleaning.size_bytes();
  }
  if (options.removes) return text + fmt::format("freed {}\n", format_bytes(size_bytes));
  if (size_bytes == 0) return text;
  return text + fmt::format("this would free {}; nothing is removed without --yes\n", format_bytes(size_bytes));
}

}  // namespace albert::train
