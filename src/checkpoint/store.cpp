#include "checkpoint/store.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include "base/durable.h"
#include "base/error.h"
#include "base/file.h"
#include "base/link.h"
#include "base/temporary_entry.h"
#include "checkpoint/manifest.h"
#include "checkpoint/step_folders.h"

namespace albert::checkpoint {

namespace {

/// What AtomicFolder and remove_checkpoint() leave behind when the process is killed: a "partial" one is half written or
/// half removed; an "old" one is whole, and the only one if the new folder had not yet taken its name. And links that had
/// not yet taken theirs.
void clean_up(const fs::path& folder) {
  for (const fs::path& path : leftovers_in(folder)) fs::remove_all(path);
  std::vector<std::pair<fs::path, fs::path>> only_ones;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto name = parse_temporary_name(entry.path().filename().string());
    if (name && name->extension == "old" && step_of(name->original) && entry.is_directory() && !entry.is_symlink()) {
      only_ones.emplace_back(entry.path(), folder / name->original);
    }
  }
  for (const auto& [path, original] : only_ones) {
    if (fs::exists(original)) {  // it was another one of the same step
      fs::remove_all(path);
    } else {
      rename_durably(path, original);
    }
  }
}

void refuse_foreign(const fs::path& place) {
  if (!is_foreign(place)) return;
  throw UsageError("{}: expected a checkpoint, found something else{}; move it away", place.string(),
                   fs::is_symlink(place) ? ", a link" : "");
}

bool holds_model(const fs::path& folder) {
  return fs::is_regular_file(folder / kConfigFile);
}

/// Throws IoError if a file cannot be read, which says nothing of what it holds.
bool is_whole(const fs::path& checkpoint) {
  try {
    verify_manifest(checkpoint);
    return true;
  } catch (const ModelError&) {
    return false;
  }
}

/// Whether a folder is a copy of a checkpoint, which may be gone.
bool is_copy_of(const fs::path& folder, const fs::path& checkpoint) {
  if (!fs::is_regular_file(folder / kManifestFile)) return false;
  return !fs::exists(checkpoint) || (fs::is_regular_file(checkpoint / kManifestFile) &&
                                     read_file(folder / kManifestFile) == read_file(checkpoint / kManifestFile));
}

/// Whether a copy is worth more than the checkpoint that it was made of.
bool is_better(const fs::path& copy, const fs::path& original) {
  return !fs::exists(original) || (!is_whole(original) && is_whole(copy));
}

}  // namespace

void CheckpointConfig::fields(config::Fields& f) {
  f("every", every,
    "updates between checkpoints; 0: only at the end, and whenever the model is the best so far; -1: one with every "
    "evaluation, or every 500 updates where evaluate.every is 0",
    config::at_least(kWithEvaluations));
  f("keep", keep, "how many of the newest checkpoints stay; the best one stays too", config::at_least(1));
}

CheckpointStore::CheckpointStore(fs::path folder, std::int64_t keep) : folder_(std::move(folder)), keep_(keep) {
  make_folder(folder_);
  require_links(folder_ / kLatestLink);
  clean_up(folder_);
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (step_of(entry.path().filename().string())) refuse_foreign(entry.path());
  }
  for (const char* link : {kLatestLink, kBestLink}) replace_copy(link);
}

/// Makes a link of what else is in its place.
void CheckpointStore::replace_copy(const char* name) const {
  const fs::path link = folder_ / name;
  const fs::file_status status = fs::symlink_status(link);
  if (!fs::exists(status) || fs::is_symlink(status)) return;
  if (const auto target = read_link(link); target && step_of(target->string())) return;
  const auto state = read_state(link);
  const fs::path original = state ? folder_of(state->step) : fs::path();
  if (!state || !is_copy_of(link, original)) {
    throw UsageError("{}: expected a link to one of the checkpoints beside it, found something else; move it away",
                     link.string());
  }
  const bool is_needed = is_better(link, original);
  if (is_needed) fs::remove_all(original);
  // Under the name of a leftover, which the next store removes after a kill.
  const fs::path place = is_needed ? original : temporary_name(folder_of(state->step), "partial");
  rename_durably(link, place);
  if (!is_needed) fs::remove_all(place);
  point(name, state->step);
}

void CheckpointStore::point(const char* link, std::int64_t step) const {
  replace_link(folder_ / link, name_of_step(step));
}

fs::path CheckpointStore::folder_of(std::int64_t step) const {
  return folder_ / name_of_step(step);
}

fs::path CheckpointStore::save(const TrainingContents& contents) {
  const std::int64_t step = contents.state.step;
  refuse_foreign(folder_of(step));
  write_checkpoint(folder_of(step), contents);
  // A kill in between must not leave a latest state that holds its best result for linked: the older one does it again.
  const auto& best = contents.state.best;
  if (best && fs::is_directory(folder_of(best->step))) point(kBestLink, best->step);
  point(kLatestLink, step);
  remove_surplus();
  return folder_of(step);
}

void CheckpointStore::restore_links(const TrainState& state) const {
  if (!linked_step(folder_, kLatestLink)) point(kLatestLink, state.step);
  if (!linked_step(folder_, kBestLink) && state.best && fs::is_directory(folder_of(state.best->step)))
    point(kBestLink, state.best->step);
}

std::vector<std::int64_t> CheckpointStore::steps() const {
  return steps_in(folder_);
}

void CheckpointStore::remove_surplus() const {
  const std::optional<std::int64_t> latest = linked_step(folder_, kLatestLink);
  const std::optional<std::int64_t> best = linked_step(folder_, kBestLink);
  const std::vector<std::int64_t> all = steps();
  const auto surplus = static_cast<std::int64_t>(all.size()) - keep_;
  for (std::int64_t i = 0; i < surplus; ++i) {
    const std::int64_t step = all[static_cast<std::size_t>(i)];
    if (step == latest || step == best || is_foreign(folder_of(step))) continue;
    remove_checkpoint(folder_of(step));
  }
}

std::optional<CheckpointStore::Opened> CheckpointStore::open_latest() const {
  std::vector<std::int64_t> candidates = steps();
  if (candidates.empty()) return std::nullopt;
  if (const auto latest = linked_step(folder_, kLatestLink)) {
    std::erase_if(candidates, [&](std::int64_t step) { return step > *latest; });
  }
  std::vector<std::string> damaged;
  for (const std::int64_t step : candidates | std::views::reverse) {
    try {
      return Opened{TrainingCheckpoint(folder_of(step)), std::move(damaged)};
    } catch (const ModelError& error) {
      damaged.emplace_back(error.what());
    } catch (const IoError& error) {
      damaged.emplace_back(error.what());
    } catch (const fs::filesystem_error& error) {
      damaged.emplace_back(error.what());
    }
  }
  throw ModelError("{}: none of the {} checkpoints is whole:\n  {}", folder_.string(), candidates.size(),
                   fmt::join(damaged, "\n  "));
}

std::optional<fs::path> find_checkpoint(const fs::path& run) {
  const fs::path folder = run / "checkpoints";
  for (const char* link : {kBestLink, kLatestLink}) {
    if (fs::path target = follow_link(folder / link); holds_model(target)) return target;
  }
  const std::vector<std::int64_t> steps = fs::is_directory(folder) ? steps_in(folder) : std::vector<std::int64_t>();
  if (steps.empty()) return std::nullopt;
  const auto state = read_state(folder / name_of_step(steps.back()));
  const std::int64_t best = state && state->best ? state->best->step : steps.back();
  for (const std::int64_t step : {best, steps.back()}) {
    if (holds_model(folder / name_of_step(step))) return folder / name_of_step(step);
  }
  return std::nullopt;
}

std::optional<fs::path> find_latest(const fs::path& run) {
  const fs::path folder = run / "checkpoints";
  if (fs::path target = follow_link(folder / kLatestLink); holds_model(target)) return target;
  const std::vector<std::int64_t> steps = fs::is_directory(folder) ? steps_in(folder) : std::vector<std::int64_t>();
  if (steps.empty() || !holds_model(folder / name_of_step(steps.back()))) return std::nullopt;
  return folder / name_of_step(steps.back());
}

}  // namespace albert::checkpoint
