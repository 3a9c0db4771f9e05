#include "checkpoint/store.h"

#include <algorithm>
#include <charconv>
#include <ranges>
#include <utility>

#include "base/durable.h"
#include "base/error.h"
#include "base/temporary_entry.h"

namespace albert::checkpoint {

namespace {

constexpr const char* kLatest = "latest";
constexpr const char* kBest = "best";
constexpr std::string_view kPrefix = "step-";

std::optional<std::int64_t> step_of(const std::string& name) {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  std::int64_t step = 0;
  const char* end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + kPrefix.size(), end, step);
  return error == std::errc() && stop == end && step >= 0 ? std::optional(step) : std::nullopt;
}

std::string name_of(std::int64_t step) {
  return fmt::format("{}{:08}", kPrefix, step);
}

/// What AtomicFolder leaves behind when the process is killed: a "partial" one is half written; an "old" one is whole,
/// and the only one if the new folder had not yet taken its name.
void clean_up(const fs::path& folder) {
  std::vector<std::pair<fs::path, TemporaryName>> leftovers;
  for (const auto& entry : fs::directory_iterator(folder)) {
    auto name = parse_temporary_name(entry.path().filename().string());
    if (name && step_of(name->original) && !entry.is_symlink() && entry.is_directory()) {
      leftovers.emplace_back(entry.path(), std::move(*name));
    }
  }
  for (const auto& [path, name] : leftovers) {
    if (name.extension == "old" && !fs::exists(folder / name.original)) {
      rename_durably(path, folder / name.original);
    } else {
      fs::remove_all(path);
    }
  }
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
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) throw IoError("cannot create {}: {}", folder_.string(), error.message());
  clean_up(folder_);
}

fs::path CheckpointStore::folder_of(std::int64_t step) const {
  return folder_ / name_of(step);
}

fs::path CheckpointStore::save(const TrainingContents& contents, bool is_best) {
  const std::int64_t step = contents.state.step;
  write_checkpoint(folder_of(step), contents);
  // A kill in between must not leave a latest state that holds its best result for linked: the older one does it again.
  if (is_best) replace_link(folder_ / kBest, name_of(step));
  replace_link(folder_ / kLatest, name_of(step));
  remove_surplus();
  return folder_of(step);
}

std::vector<std::int64_t> CheckpointStore::steps() const {
  std::vector<std::int64_t> steps;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (entry.is_symlink() || !entry.is_directory()) continue;
    if (const auto step = step_of(entry.path().filename().string())) steps.push_back(*step);
  }
  std::sort(steps.begin(), steps.end());
  return steps;
}

std::optional<std::int64_t> CheckpointStore::linked_step(const char* link) const {
  std::error_code error;
  const fs::path target = fs::read_symlink(folder_ / link, error);
  if (error || !fs::is_directory(folder_ / target, error)) return std::nullopt;
  return step_of(target.filename().string());
}

void CheckpointStore::remove_surplus() const {
  const std::optional<std::int64_t> latest = linked_step(kLatest);
  const std::optional<std::int64_t> best = linked_step(kBest);
  const std::vector<std::int64_t> all = steps();
  const auto surplus = static_cast<std::int64_t>(all.size()) - keep_;
  for (std::int64_t i = 0; i < surplus; ++i) {
    const std::int64_t step = all[static_cast<std::size_t>(i)];
    if (step == latest || step == best) continue;
    std::error_code error;
    fs::remove_all(folder_of(step), error);
    if (error) throw IoError("cannot remove {}: {}", folder_of(step).string(), error.message());
  }
}

std::optional<CheckpointStore::Opened> CheckpointStore::open_latest() const {
  std::vector<std::int64_t> candidates = steps();
  if (candidates.empty()) return std::nullopt;
  if (const auto latest = linked_step(kLatest)) {
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

}  // namespace albert::checkpoint
