#include "inference/output_check.h"

#include <array>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/error.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::inference {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class OutputCheck : public ::testing::Test {
 protected:
  OutputCheck() { testing::write_file(data_, "text\n"); }

  std::string refusal(const std::vector<fs::path>& outputs) const {
    return testing::refusal<UsageError>([&] { check_outputs("--output", outputs, {{data_}}, /*overwrite=*/true); });
  }

  testing::TemporaryFolder folder_;
  fs::path data_ = folder_ / "dev.tsv";
};

TEST_F(OutputCheck, NewAndOldFilesMayBeWritten) {
  testing::write_file(folder_ / "old.tsv", "");
  const std::vector<fs::path> outputs = {folder_ / "new.tsv", folder_ / "old.tsv", "/dev/null"};
  EXPECT_NO_THROW(check_outputs("--output", outputs, {{data_}}, /*overwrite=*/true));
  EXPECT_THROW(check_outputs("--output", outputs, {{data_}}, /*overwrite=*/false), UsageError);
}

TEST_F(OutputCheck, ADescriptorIsWrittenToWhateverIsBehindIt) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  testing::write_file(folder_ / "log", "before");
  const Descriptor log(folder_ / "log", O_WRONLY);
  for (const int descriptor : {ends[1], log.value()}) {
    const std::vector<fs::path> outputs = {fmt::format("/dev/fd/{}", descriptor)};
    EXPECT_NO_THROW(check_outputs("--output", outputs, {{data_}}, /*overwrite=*/false));
  }
  for (const int end : ends) ::close(end);
}

TEST_F(OutputCheck, WhatCouldNotBeWrittenIsFoundBefore) {
  fs::create_directory(folder_ / "out.n_best.json");
  EXPECT_THAT(refusal({folder_ / "out.json", folder_ / "out.n_best.json"}),
              HasSubstr("out.n_best.json: expected the name"));
  EXPECT_THAT(refusal({folder_ / "none/out.json"}), HasSubstr("there is no folder"));
  EXPECT_THAT(refusal({folder_.path() / ""}), HasSubstr("found that of a folder"));
  EXPECT_THAT(refusal({data_}), HasSubstr("itself, which is read"));
  fs::create_symlink("none/out.json", folder_ / "dangling");
  EXPECT_THAT(refusal({folder_ / "dangling"}), HasSubstr("there is no folder"));
  fs::create_symlink(data_, folder_ / "link");
  EXPECT_THAT(refusal({folder_ / "link"}), HasSubstr("itself, which is read"));
  EXPECT_THAT(refusal({folder_ / "a", folder_ / "a"}), HasSubstr("would be written twice"));
}

}  // namespace
}  // namespace albert::inference
