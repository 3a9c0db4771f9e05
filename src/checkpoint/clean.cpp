#include "checkpoint/clean.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <ranges>
#include <set>
#include <utility>

#include "base/disk_usage.h"
#include "base/durable.h"
#include "base/error.h"
#include "base/link.h"
#include "base/shown.h"
#include "base/temporary_entry.h"
#include "checkpoint/manifest.h"
#include "checkpoint/step_folders.h"
#include "checkpoint/training_state.h"

namespace albert::checkpoint {

namespace {

/// What only resuming needs.
const std::array<std::string, 2> kResumingFiles{kOptimizerFile, kStateFile};

bool is_file(const fs::path& path) {
  return fs::is_regular_file(fs::symlink_status(path));
}

/// Makes the plan for one run.
class Planner {
 public:
  Planner(const fs::path& folder, const CleanRule& rule) : folder_(folder), rule_(rule), steps_(steps_in(folder)) {}

  Cleaning plan() {
    for (const std::int64_t step : steps_) {
      if (is_foreign(place(step))) doubt(step, "no checkpoint: it has neither manifest.json nor config.json");
    }
    if (rule_.optimizer_states) {
      keep_one_to_resume();
    } else {
      keep_by_rule();
    }
    for (const std::int64_t step : steps_) consider(step);
    for (const auto& [step, kept] : kept_) plan_.kept.push_back(kept);
    for (const fs::path& leftover : leftovers_in(folder_)) {
      plan_.removals.push_back({.path = leftover, .size_bytes = disk_usage(leftover).size_bytes});
    }
    return std::move(plan_);
  }

 private:
  fs::path place(std::int64_t step) const { return folder_ / name_of_step(step); }

  void keep(std::int64_t step, const std::string& reason) {
    const auto [kept, is_new] = kept_.try_emplace(step, Kept{place(step), reason});
    if (!is_new && !kept->second.is_in_doubt) kept->second.reason += ", " + reason;
  }

  void doubt(std::int64_t step, const std::string& reason) { kept_[step] = Kept{place(step), reason, true}; }

  bool is_known(std::int64_t step) const {
    return std::ranges::binary_search(steps_, step) && !is_foreign(place(step));
  }

  /// Whether every byte is as it was saved; if not, the checkpoint stays as it is.
  bool is_whole(std::int64_t step) {
    if (const auto found = is_whole_.find(step); found != is_whole_.end()) return found->second;
    bool& result = is_whole_[step];
    try {
      if (!is_known(step)) return false;
      verify_manifest(place(step));
      return result = true;
    } catch (const ModelError& error) {
      doubt(step, fmt::format("damaged: {}", error.what()));
      return false;
    }
  }

  std::optional<std::int64_t> newest_whole() {
    for (const std::int64_t step : steps_ | std::views::reverse) {
      if (is_whole(step)) return step;
    }
    return std::nullopt;
  }

  /// By the link, else by what the newest one knows: programs that copy runs may lose links.
  std::optional<std::int64_t> best() {
    if (const auto linked = linked_step(folder_, kBestLink)) return linked;
    const auto newest = newest_whole();
    if (!newest || !is_file(place(*newest) / kStateFile)) return std::nullopt;
    const TrainState state = load_state(place(*newest));
    return state.best && is_known(state.best->step) ? std::optional(state.best->step) : std::nullopt;
  }

  void keep_by_rule() {
    const std::optional<std::int64_t> best_step = best();
    const bool has_best = best_step && is_whole(*best_step);
    if (best_step) keep(*best_step, "best");
    if (rule_.only_best && has_best) {
      if (linked_step(folder_, kLatestLink) != best_step) plan_.latest = *best_step;
      return;
    }
    std::int64_t count = 0;
    for (const std::int64_t step : steps_ | std::views::reverse) {
      if (count == (rule_.only_best ? 1 : rule_.keep)) break;
      if (!is_whole(step)) continue;
      keep(step, count == 0 ? "newest" : "one of the newest");
      ++count;
    }
    if (count == 0) keep_all("no checkpoint of the run is whole");
    if (const auto latest = linked_step(folder_, kLatestLink); latest && !kept_.contains(*latest))
      keep(*latest, "latest");
  }

  void keep_all(const std::string& reason) {
    for (const std::int64_t step : steps_) {
      if (!kept_.contains(step)) keep(step, reason);
    }
  }

  /// The one that --resume would take: as CheckpointStore::open_latest().
  void keep_one_to_resume() {
    const auto latest = linked_step(folder_, kLatestLink);
    for (const std::int64_t step : steps_ | std::views::reverse) {
      if (latest && step > *latest) continue;
      const auto has = [&](const std::string& file) { return is_file(place(step) / file); };
      if (!is_known(step) || !std::ranges::all_of(kResumingFiles, has) || !is_whole(step)) continue;
      return keep(step, "to resume from");
    }
    keep_all("no checkpoint of the run can be resumed from");
  }

  void consider(std::int64_t step) {
    if (kept_.contains(step)) return;
    try {
      const std::optional<std::string> unknown = find_unknown(step);
      if (unknown && !rule_.optimizer_states) {
        return doubt(step, fmt::format("holds {}, which is no file of the checkpoint", in_quotes(*unknown)));
      }
      if (!rule_.optimizer_states) {
        plan_.removals.push_back({.path = place(step), .size_bytes = disk_usage(place(step)).size_bytes});
        return;
      }
      verify_sizes(place(step));
      consider_files(step);
    } catch (const ModelError& error) {
      doubt(step, fmt::format("damaged: {}", error.what()));
    }
  }

  /// Something in a checkpoint that its manifest does not name.
  std::optional<std::string> find_unknown(std::int64_t step) const {
    const std::vector<std::string> named = files_in_manifest(place(step));
    std::set<std::string> known(named.begin(), named.end());
    known.insert(kManifestFile);
    known.insert(kResumingFiles.begin(), kResumingFiles.end());  // left by a removal of these that was killed
    for (const auto& entry : fs::directory_iterator(place(step))) {
      std::string name = entry.path().filename().string();
      const auto temporary = parse_temporary_name(name);
      if (temporary && temporary->original == kManifestFile && is_file(entry.path())) continue;  // likewise
      if (!known.contains(name) || !is_file(entry.path())) return name;
    }
    return std::nullopt;
  }

  void consider_files(std::int64_t step) {
    Removal removal{.path = place(step)};
    for (const std::string& file : kResumingFiles) {
      if (!is_file(place(step) / file)) continue;
      removal.files.push_back(file);
      removal.size_bytes += disk_usage(place(step) / file).size_bytes;
    }
    if (!removal.files.empty()) plan_.removals.push_back(std::move(removal));
  }

  fs::path folder_;
  CleanRule rule_;
  std::vector<std::int64_t> steps_;  ///< ascending
  std::map<std::int64_t, bool> is_whole_;
  std::map<std::int64_t, Kept> kept_;
  Cleaning plan_;
};

void remove_files(const Removal& removal) {
  drop_from_manifest(removal.path, removal.files);
  for (const std::string& file : removal.files) {
    std::error_code error;
    fs::remove(removal.path / file, error);
    if (error) throw IoError("cannot remove {}: {}", (removal.path / file).string(), error.message());
  }
  sync_to_disk(removal.path);
}

}  // namespace

std::uint64_t Cleaning::size_bytes() const {
  std::uint64_t sum = 0;
  for (const Removal& removal : removals) sum += removal.size_bytes;
  return sum;
}

Cleaning plan_cleaning(const fs::path& folder, const CleanRule& rule) {
  const fs::file_status status = fs::symlink_status(folder);
  if (!fs::exists(status)) return {};
  if (!fs::is_directory(status)) {
    throw UsageError("{}: expected a folder of checkpoints, found {}; nothing is removed there", folder.string(),
                     fs::is_symlink(status) ? "a link" : "a file");
  }
  return Planner(folder, rule).plan();
}

void carry_out(const fs::path& folder, const Cleaning& cleaning) {
  if (cleaning.latest >= 0) replace_link(folder / kLatestLink, name_of_step(cleaning.latest));
  for (const Removal& removal : cleaning.removals) {
    if (!removal.files.empty()) {
      remove_files(removal);
    } else if (step_of(removal.path.filename().string())) {
      remove_checkpoint(removal.path);
    } else {
      std::error_code error;
      fs::remove_all(removal.path, error);
      if (error) throw IoError("cannot remove {}: {}", removal.path.string(), error.message());
    }
  }
}

}  // namespace albert::checkpoint
