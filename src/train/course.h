#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "optim/schedule.h"

namespace albert::train {

/// How far a run is at each of its updates. Whatever changes over a run (the learning rate, the depth, the sequences) is a
/// function of that place.
///
/// In a run of so many updates the place is the number of updates done. In one of so many minutes the clock says it, once
/// for each update, and what it said is kept: a run that is resumed, or repeated, has the same updates again. The clock is
/// that of rank 0, and stands still between two sittings.
class Course {
 public:
  /// No run is longer: ten years.
  static constexpr double kMaxMinutes = 10 * 366 * 24 * 60;
  /// Of so many updates to come the places are known, because the loader makes their batches meanwhile.
  static constexpr std::int64_t kAhead = 3;

  explicit Course(optim::RunLength length);

  const optim::RunLength& length() const { return length_; }
  bool follows_clock() const { return length_.is_time(); }
  /// Where the update begins before which `step` updates were made. Safe to use from several threads; where the clock has
  /// to say it, waits until it has.
  /// Throws std::runtime_error if the waiting was ended.
  std::int64_t place(std::int64_t step) const;
  /// Whether so many updates are the whole run.
  bool is_over(std::int64_t step) const { return place(step) >= length_.count; }

  /// Where the last of these updates will begin.
  /// \param step updates done
  /// \param seconds since the sitting began
  /// \param seconds_per_update of late
  std::int64_t expected_place(std::int64_t step, double seconds, double seconds_per_update);
  /// Makes that known, unless the place of that update was known before.
  void note(std::int64_t step, std::int64_t place);

  /// What the clock said of the updates from `first` on, as far as it is known; nothing in a run of so many updates.
  std::vector<std::int64_t> places(std::size_t first = 0) const;
  /// Makes the clock go on behind what it has said before, in an earlier sitting or in the run that is repeated.
  void replay(std::vector<std::int64_t> places);
  /// The same from a ClockFile.
  /// \param step updates done, whose lines have to be there
  /// Throws as read_clock(); DataError if lines are missing.
  void replay(const std::filesystem::path& file, std::int64_t step);
  /// Ends all waiting: no more updates will be made.
  void end();

 private:
  optim::RunLength length_;
  mutable std::mutex mutex_;
  mutable std::condition_variable grown_;
  std::vector<std::int64_t> places_;  ///< of each update, in milliseconds
  double behind_ms_ = 0;              ///< of the clock of this sitting, to the places
  bool ended_ = false;
};

/// Ends a course's waiting when its scope is left.
class CourseEnd {
 public:
  explicit CourseEnd(Course& course) : course_(course) {}
  ~CourseEnd() { course_.end(); }
  CourseEnd(const CourseEnd&) = delete;
  CourseEnd& operator=(const CourseEnd&) = delete;

 private:
  Course& course_;
};

/// The file in which a run by the clock keeps what the clock said: a line for each update, the milliseconds of the run
/// that were over when it began.
class ClockFile {
 public:
  /// Makes the file hold the places of the course that are known, and opens it. What it held before is there until then.
  /// Throws IoError, also for a link: the file of a run is its own.
  ClockFile(const std::filesystem::path& path, const Course& course);

  /// Appends what has become known since, so that it survives the end of this process.
  void keep_up();
  /// Makes the file survive the end of the machine, too.
  void sync();

 private:
  const Course& course_;
  std::size_t num_written_ = 0;
  std::optional<FileWriter> file_;  ///< always there
};

/// Reads such a file, which begins with 0. A last line without an end is left out: a kill has torn it.
/// Throws IoError; DataError for lines that are no such places.
std::vector<std::int64_t> read_clock(const std::filesystem::path& path);
/// The places as lines, and back.
std::string to_lines(const std::vector<std::int64_t>& places);
/// \param source the file's name for messages
std::vector<std::int64_t> places_from_lines(std::string_view lines, const std::filesystem::path& source);

}  // namespace albert::train
