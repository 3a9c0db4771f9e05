#include "train/course.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include "base/atomic_file.h"
#include "base/durable.h"
#include "base/error.h"
#include "base/shown.h"

namespace albert::train {

Course::Course(optim::RunLength length) : length_(length) {
  if (follows_clock()) places_.assign(kAhead, 0);
}

std::int64_t Course::place(std::int64_t step) const {
  if (!follows_clock()) return step;
  const auto index = static_cast<std::size_t>(step);
  std::unique_lock lock(mutex_);
  grown_.wait(lock, [&] { return index < places_.size() || ended_; });
  if (index >= places_.size()) throw std::runtime_error("the run ends before this update");
  return places_[index];
}

std::int64_t Course::expected_place(std::int64_t step, double seconds, double seconds_per_update) {
  if (!follows_clock()) return 0;
  const double clock_ms = 1000 * (seconds + static_cast<double>(kAhead - 1) * seconds_per_update);
  const auto index = static_cast<std::size_t>(step + kAhead - 1);
  const std::scoped_lock lock(mutex_);
  if (index < places_.size()) {
    behind_ms_ = static_cast<double>(places_[index]) - clock_ms;
    return places_[index];
  }
  // Beyond the end nothing is told apart, however long the last update lasts.
  const double expected = std::min(clock_ms + behind_ms_, 60'000 * kMaxMinutes);
  return std::max(places_.back(), static_cast<std::int64_t>(std::llround(expected)));
}

void Course::note(std::int64_t step, std::int64_t place) {
  if (!follows_clock()) return;
  const std::scoped_lock lock(mutex_);
  if (static_cast<std::size_t>(step + kAhead - 1) == places_.size()) places_.push_back(place);
  grown_.notify_all();
}

std::vector<std::int64_t> Course::places(std::size_t first) const {
  const std::scoped_lock lock(mutex_);
  return {places_.begin() + static_cast<std::ptrdiff_t>(std::min(first, places_.size())), places_.end()};
}

void Course::replay(std::vector<std::int64_t> places) {
  const std::scoped_lock lock(mutex_);
  places_ = std::move(places);
  if (places_.size() < kAhead) places_.resize(kAhead, 0);
  // After an orderly end only the updates to come are known, and this sitting begins at the first of them. If more is known, the first update
  // that is replayed says it anew.
  behind_ms_ = static_cast<double>(places_[places_.size() - kAhead]);
}

void Course::replay(const std::filesystem::path& file, std::int64_t step) {
  std::vector<std::int64_t> places = read_clock(file);
  const std::int64_t num_needed = step + kAhead;
  if (const auto num_lines = static_cast<std::int64_t>(places.size()); num_lines < num_needed) {
    throw DataError(
        "{}: expected {} lines, for the updates up to step {} and {} more, found {}; how the run went on is not known: "
        "put the file back, {}start a new run from the weights of this one",
        file.string(), num_needed, step, kAhead, num_lines,
        num_lines > kAhead
            ? fmt::format("remove the checkpoints after step {} to go on from an older one, or ", num_lines - kAhead)
            : "or ");
  }
  replay(std::move(places));
}

void Course::end() {
  const std::scoped_lock lock(mutex_);
  ended_ = true;
  grown_.notify_all();
}

std::string to_lines(const std::vector<std::int64_t>& places) {
  std::string lines;
  for (const std::int64_t place : places) lines += std::to_string(place) + '\n';
  return lines;
}

std::vector<std::int64_t> places_from_lines(std::string_view lines, const std::filesystem::path& source) {
  const std::int64_t longest = optim::RunLength::of_minutes(Course::kMaxMinutes).count;
  std::vector<std::int64_t> places;
  for (std::size_t end = lines.find('\n'); end != std::string_view::npos; end = lines.find('\n')) {
    const std::string_view line = lines.substr(0, end);
    const std::int64_t least = places.empty() ? 0 : places.back(), most = places.empty() ? 0 : longest;
    std::int64_t place = -1;
    const auto [stop, error] = std::from_chars(line.data(), line.data() + line.size(), place);
    if (error != std::errc() || stop != line.data() + line.size() || place < least || place > most) {
      throw DataError(
          "{}:{}: expected the milliseconds of a run that were over when an update began, from {} to {}, found {}; is "
          "it the clock.txt of a run?",
          source.string(), places.size() + 1, least, most, in_quotes(line));
    }
    places.push_back(place);
    lines.remove_prefix(end + 1);
  }
  return places;
}

std::vector<std::int64_t> read_clock(const std::filesystem::path& path) {
  return places_from_lines(read_file(path), path);
}

ClockFile::ClockFile(const std::filesystem::path& path, const Course& course) : course_(course) {
  const std::vector<std::int64_t> places = course.places();
  if (std::filesystem::is_symlink(std::filesystem::symlink_status(path))) {
    throw IoError("{}: expected no link, found one: what it leads to would be written over; remove the link",
                  path.string());
  }
  write_file_atomically(path, to_lines(places));
  num_written_ = places.size();
  file_.emplace(path, FileWriter::Mode::kAppend);
}

void ClockFile::keep_up() {
  const std::vector<std::int64_t> places = course_.places(num_written_);
  file_->write(to_lines(places));
  file_->flush();
  num_written_ += places.size();
}

void ClockFile::sync() {
  keep_up();
  sync_to_disk(file_->path());
}

}  // namespace albert::train
