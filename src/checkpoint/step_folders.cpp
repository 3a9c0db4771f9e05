#include "checkpoint/step_folders.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>

#include "base/durable.h"
#include "base/error.h"
#include "base/link.h"
#include "base/temporary_entry.h"
#include "checkpoint/manifest.h"

namespace albert::checkpoint {

namespace {

constexpr std::string_view kPrefix = "step-";

}  // namespace

std::optional<std::int64_t> step_of(const std::string& name) {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  std::int64_t step = 0;
  const char* end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + kPrefix.size(), end, step);
  return error == std::errc() && stop == end && step >= 0 ? std::optional(step) : std::nullopt;
}

std::string name_of_step(std::int64_t step) {
  return fmt::format("{}{:08}", kPrefix, step);
}

std::vector<std::int64_t> steps_in(const fs::path& folder) {
  std::vector<std::int64_t> steps;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_symlink() || !entry.is_directory()) continue;
    if (const auto step = step_of(entry.path().filename().string())) steps.push_back(*step);
  }
  std::ranges::sort(steps);
  return steps;
}

std::optional<std::int64_t> linked_step(const fs::path& folder, const char* link) {
  const auto target = read_link(folder / link);
  std::error_code circle;
  if (!target || !fs::is_directory(folder / *target, circle)) return std::nullopt;
  return step_of(target->filename().string());
}

bool is_foreign(const fs::path& place) {
  const fs::file_status status = fs::symlink_status(place);
  if (!fs::exists(status)) return false;
  if (!fs::is_directory(status)) return true;
  const auto is_there = [&](const char* file) { return fs::exists(place / file); };
  return !is_there(kManifestFile) && !is_there(kConfigFile) && !fs::is_empty(place);
}

std::vector<fs::path> leftovers_in(const fs::path& folder) {
  std::vector<fs::path> leftovers;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto name = parse_temporary_name(entry.path().filename().string());
    if (!name || (name->extension == "old" && !fs::exists(folder / name->original))) continue;
    const bool is_link = name->original == kLatestLink || name->original == kBestLink;
    const bool is_folder = !entry.is_symlink() && entry.is_directory();
    if (is_link != is_folder && (is_link || step_of(name->original))) leftovers.push_back(entry.path());
  }
  std::ranges::sort(leftovers);
  return leftovers;
}

void remove_checkpoint(const fs::path& checkpoint) {
  const fs::path leftover = temporary_name(checkpoint, "partial");
  rename_durably(checkpoint, leftover);
  std::error_code error;
  fs::remove_all(leftover, error);
  if (error) throw IoError("cannot remove {}: {}", leftover.string(), error.message());
}

}  // namespace albert::checkpoint
