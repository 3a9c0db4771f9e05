#include "base/joint_move.h"

#include <ranges>
#include <string>
#include <system_error>

#include "base/destination.h"
#include "base/durable.h"
#include "base/error.h"
#include "base/file.h"
#include "base/output.h"
#include "base/system_call.h"

namespace albert {

namespace {

std::error_code copy_over(const fs::path& from, const fs::path& to) {
  return uninterrupted([&](std::error_code& error) {
    fs::copy(from, to, fs::copy_options::copy_symlinks | fs::copy_options::overwrite_existing, error);
  });
}

/// A second name for a file, or a copy of it where there are no such names.
void save(const fs::path& file, const fs::path& saved) {
  std::error_code error = uninterrupted([&](std::error_code& of_link) { fs::create_hard_link(file, saved, of_link); });
  if (error) error = copy_over(file, saved);
  if (error) throw IoError("cannot copy {} to {}: {}", file.string(), saved.string(), error.message());
}

}  // namespace

bool is_file_or_link(const fs::path& place) {
  const fs::file_status status = fs::symlink_status(place);
  return fs::is_regular_file(status) || fs::is_symlink(status);
}

JointMove::JointMove(fs::path aside, bool overwrite) : aside_(std::move(aside)), overwrite_(overwrite) {
  make_folder(aside_);
}

JointMove::~JointMove() {
  if (!is_done_) undo();
}

void JointMove::remove(const fs::path& place) {
  if (!is_file_or_link(place)) return;
  if (!overwrite_) refuse_to_replace(place);
  rename_file(place, aside_ / place.filename());
  moved_.emplace_back(place, aside_ / place.filename());
}

void JointMove::put(const fs::path& file, const fs::path& place) {
  if (rename_to_free_name(file, place)) {
    moved_.emplace_back(file, place);
    return;
  }
  if (!is_file_or_link(place)) {
    throw IoError("cannot write {}: expected the name of a file, found that of a folder, a device or a pipe",
                  place.string());
  }
  if (!overwrite_) refuse_to_replace(place);
  const fs::path saved = aside_ / std::to_string(moved_.size());
  save(place, saved);
  keep_permissions(place, file);
  rename_file(file, place);
  moved_.emplace_back(place, saved);
}

/// Copies what cannot be renamed: it may lie on another file system, and what keeps this from being done to the end may
/// keep files from being renamed. Ends where a step back fails: what was moved first may say that there is something to
/// do.
void JointMove::undo() {
  for (const auto& [from, to] : std::views::reverse(moved_)) {
    std::error_code error = uninterrupted([&](std::error_code& of_rename) { fs::rename(to, from, of_rename); });
    if (error) error = copy_over(to, from);
    if (!error) fs::remove(to, error);  // of a copy
    if (error) return;
  }
}

void move_together(const fs::path& folder, std::span<const fs::path> places, bool overwrite) {
  for (const fs::path& place : places) sync_to_disk(folder / place.filename());
  JointMove move(folder / "before", overwrite);
  for (const fs::path& place : places) {
    check_output_file({place, overwrite});
    move.put(folder / place.filename(), destination_of(place));
  }
  move.commit();
  if (!places.empty()) sync_to_disk(fs::absolute(places.front()).parent_path());
}

}  // namespace albert
