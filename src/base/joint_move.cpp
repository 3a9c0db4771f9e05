#include "base/joint_move.h"

#include <ranges>
#include <string>
#include <system_error>

#include "base/destination.h"
#include "base/durable.h"
#include "base/error.h"

namespace albert {

namespace {

/// A second name for a file, or a copy of it where there are no such names.
void save(const fs::path& file, const fs::path& saved) {
  std::error_code error;
  fs::create_hard_link(file, saved, error);
  if (error) fs::copy(file, saved, fs::copy_options::copy_symlinks, error);
  if (error) throw IoError("cannot copy {} to {}: {}", file.string(), saved.string(), error.message());
}

}  // namespace

bool is_file_or_link(const fs::path& place) {
  const fs::file_status status = fs::symlink_status(place);
  return fs::is_regular_file(status) || fs::is_symlink(status);
}

void rename_file(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) throw IoError("cannot rename {} to {}: {}", from.string(), to.string(), error.message());
}

JointMove::JointMove(fs::path aside) : aside_(std::move(aside)) {
  fs::create_directory(aside_);
}

JointMove::~JointMove() {
  if (!is_done_) undo();
}

void JointMove::remove(const fs::path& place) {
  if (is_file_or_link(place)) move(place, aside_ / place.filename());
}

void JointMove::put(const fs::path& file, const fs::path& place) {
  if (!is_file_or_link(place)) return move(file, place);
  const fs::path saved = aside_ / std::to_string(moved_.size());
  save(place, saved);
  keep_permissions(place, file);
  rename_file(file, place);
  moved_.emplace_back(place, saved);
}

void JointMove::move(const fs::path& from, const fs::path& to) {
  rename_file(from, to);
  moved_.emplace_back(from, to);
}

/// Ends where a step back fails: what was moved first may say that there is something to do.
void JointMove::undo() {
  std::error_code error;
  for (const auto& [from, to] : std::views::reverse(moved_)) {
    fs::rename(to, from, error);
    if (error == std::errc::cross_device_link) {  // a copy
      fs::copy(to, from, fs::copy_options::copy_symlinks | fs::copy_options::overwrite_existing, error);
    }
    if (error) return;
  }
}

void move_together(const fs::path& folder, std::span<const fs::path> places,
                   const std::function<void(const fs::path& place)>& check) {
  for (const fs::path& place : places) sync_to_disk(folder / place.filename());
  JointMove move(folder / "before");
  for (const fs::path& place : places) {
    check(place);
    move.put(folder / place.filename(), destination_of(place));
  }
  move.commit();
  if (!places.empty()) sync_to_disk(fs::absolute(places.front()).parent_path());
}

}  // namespace albert
