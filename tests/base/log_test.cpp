#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"

namespace albert {
namespace {

TEST(LogFile, HoldsEveryMessageWhileItLives) {
  const testing::TemporaryFolder folder;
  ::testing::internal::CaptureStderr();
  set_up_log(LogLevel::kWarning);
  for (int sitting = 0; sitting < 2; ++sitting) {
    const LogFile file(folder / "run.log");
    log_debug("configuration: {}", sitting);
    log_warning("label '{}'", "\x1b[2J");
  }
  log_warning("afterwards");
  const std::string on_terminal = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(on_terminal, ::testing::Not(::testing::HasSubstr("configuration")));
  EXPECT_THAT(on_terminal, ::testing::HasSubstr("W label '\\x1b[2J'\n"));
  EXPECT_THAT(on_terminal, ::testing::HasSubstr("afterwards"));
  const std::string content = read_file(folder / "run.log");
  for (const char* line : {" D configuration: 0\n", " D configuration: 1\n", " W label '\\x1b[2J'\n"}) {
    EXPECT_THAT(content, ::testing::HasSubstr(line));
  }
  EXPECT_THAT(content, ::testing::Not(::testing::HasSubstr("afterwards")));
  EXPECT_THAT(testing::refusal<IoError>([&] { LogFile(folder.path()); }),
              ::testing::HasSubstr("expected a log file, found a folder"));
  std::filesystem::create_symlink("run.log", folder / "link.log");
  EXPECT_THAT(testing::refusal<IoError>([&] { LogFile(folder / "link.log"); }), ::testing::HasSubstr("found a link"));
}

TEST(LogFile, BeginsWithWhatWasSaidBefore) {
  const testing::TemporaryFolder folder;
  ::testing::internal::CaptureStderr();
  set_up_log(LogLevel::kWarning);
  { const LogFile other(folder / "other.log"); }
  log_info("read");
  {
    const LogFile file(folder / "run.log");
    log_info("trained");
    const LogFile inner(folder / "inner.log");
  }
  ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(read_file(folder / "run.log"), ::testing::MatchesRegex("[^\n]* I read\n[^\n]* I trained\n"));
  EXPECT_EQ(read_file(folder / "inner.log"), "");
}

}  // namespace
}  // namespace albert
