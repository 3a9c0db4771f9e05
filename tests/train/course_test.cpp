#include "train/course.h"

#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"

namespace albert::train {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const optim::RunLength kSecond{1000, optim::RunLength::Unit::kMilliseconds};

/// Files of this process hold no more bytes while it lives, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : was_handled_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, was_handled_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  void (*was_handled_)(int);
  rlimit before_{};
};

/// As a trainer does after an update.
void advance(Course& course, std::int64_t step, double seconds, double seconds_per_update = 0) {
  course.note(step, course.expected_place(step, seconds, seconds_per_update));
}

TEST(Course, OfUpdatesIsTheirNumber) {
  Course course(10);
  advance(course, 1, 100);
  EXPECT_EQ(course.place(7), 7);
  EXPECT_FALSE(course.is_over(9));
  EXPECT_TRUE(course.is_over(10));
  EXPECT_THAT(course.places(), ElementsAre());
}

TEST(Course, OfMinutesFollowsTheClock) {
  Course course(kSecond);
  EXPECT_EQ(course.place(2), 0) << "nothing is known yet of what updates take";
  advance(course, 1, 0.1);
  advance(course, 2, 0.25, 0.1);
  EXPECT_EQ(course.place(4), 450) << "two updates from now";
  advance(course, 3, 0.3);
  EXPECT_EQ(course.place(5), 450) << "an update that was faster than expected leads nowhere back";
  advance(course, 4, 1.2);
  EXPECT_THAT(course.places(), ElementsAre(0, 0, 0, 100, 450, 450, 1200));
  EXPECT_FALSE(course.is_over(5));
  EXPECT_TRUE(course.is_over(6));
}

TEST(Course, GoesOnBehindWhatItReplays) {
  Course course(kSecond);
  course.replay({0, 0, 0, 100, 200, 300});
  advance(course, 1, 7);  // the computer was slow
  advance(course, 2, 8);
  advance(course, 3, 8.2);
  EXPECT_EQ(course.place(5), 300);
  advance(course, 4, 8.3);
  EXPECT_EQ(course.place(6), 400);
}

TEST(Course, GoesOnWhereASittingEndedInOrder) {
  Course course(kSecond);
  course.replay({0, 0, 0, 100, 200, 300});  // three updates are done, and nothing is known of the fourth to come
  advance(course, 4, 0.1, 0.1);
  EXPECT_EQ(course.place(6), 400);
  advance(course, 5, 0.25, 0.15);
  EXPECT_EQ(course.place(7), 650);
}

TEST(Course, WhoeverAsksTooEarlyWaits) {
  Course course(kSecond);
  std::int64_t place = -1;
  std::jthread loader([&] { place = course.place(4); });
  advance(course, 1, 0.1);
  advance(course, 2, 0.2);
  loader.join();
  EXPECT_EQ(place, 200);
  std::jthread stuck([&] { EXPECT_THROW(course.place(9), std::runtime_error); });
  const CourseEnd end(course);
}

TEST(ClockFile, HoldsWhatTheClockSaid) {
  const albert::testing::TemporaryFolder folder;
  const auto path = folder / "clock.txt";
  Course course(kSecond);
  ClockFile file(path, course);
  advance(course, 1, 0.1);
  file.keep_up();
  advance(course, 2, 0.2);
  file.sync();
  EXPECT_EQ(read_file(path), "0\n0\n0\n100\n200\n");
  Course again(kSecond);
  again.replay(path, 2);
  EXPECT_EQ(again.places(), course.places());
}

TEST(ClockFile, DamageIsNamed) {
  const albert::testing::TemporaryFolder folder;
  const auto path = folder / "clock.txt";
  const auto refusal = [&](const std::string& content, std::int64_t step = 1) {
    write_file_atomically(path, content);
    return albert::testing::refusal<DataError>([&] { Course(kSecond).replay(path, step); });
  };
  EXPECT_THAT(refusal("0\n0\n0\n"), HasSubstr("expected 4 lines, for the updates up to step 1 and 3 more, found 3"));
  EXPECT_THAT(refusal("0\n0\n0\n12"), HasSubstr("found 3"));
  EXPECT_THAT(refusal("0\n0\n0\n12\n13\n", 9), HasSubstr("remove the checkpoints after step 2 to go on"));
  EXPECT_THAT(refusal("0\n0\n0\n12\n11\n"), HasSubstr("clock.txt:5: expected the milliseconds"));
  EXPECT_THAT(refusal("0\n0\n0\n1.5\n"), HasSubstr("found '1.5'"));
  EXPECT_THAT(refusal("0\n0\n0\n99999999999999999999\n"), HasSubstr("clock.txt:4"));
  EXPECT_THAT(refusal("0\n0\n0\n9223372036854775807\n"), HasSubstr("clock.txt:4"));
  EXPECT_THAT(refusal("500\n500\n500\n600\n"), HasSubstr("clock.txt:1: expected the milliseconds of a run"));
}

TEST(ClockFile, IsNotWrittenThroughALink) {
  const albert::testing::TemporaryFolder folder;
  write_file_atomically(folder / "foreign.txt", "keep");
  std::filesystem::create_symlink("foreign.txt", folder / "clock.txt");
  const Course course(kSecond);
  EXPECT_THAT(albert::testing::refusal<IoError>([&] { const ClockFile file(folder / "clock.txt", course); }),
              HasSubstr("expected no link, found one"));
  EXPECT_EQ(read_file(folder / "foreign.txt"), "keep");
}

TEST(ClockFile, StaysWhereANewOneCannotBeWritten) {
  const albert::testing::TemporaryFolder folder;
  const auto path = folder / "clock.txt";
  write_file_atomically(path, "0\n0\n0\n100\n");
  Course course(kSecond);
  course.replay(path, 1);
  const FileSizeLimit limit(4);
  EXPECT_THROW(ClockFile(path, course), IoError);
  EXPECT_EQ(read_file(path), "0\n0\n0\n100\n");
}

}  // namespace
}  // namespace albert::train
