#include "base/output.h"

#include <string>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "base/descriptor.h"
#include "base/error.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"

namespace albert {
namespace {

using ::testing::AllOf;
using testing::error_of;
using ::testing::HasSubstr;

TEST(OutputFile, WhatIsThereStaysUnlessTheUserSaysSo) {
  const testing::TemporaryFolder folder;
  const fs::path path = folder / "a.tsv";
  EXPECT_NO_THROW(check_output_file({path}));
  write_file_atomically(path, "1");
  fs::create_symlink(path, folder / "link.tsv");
  for (const fs::path& there : {path, folder / "link.tsv"}) {
    EXPECT_THAT(error_of<UsageError>([&] { check_output_file({there}); }),
                AllOf(HasSubstr(there.string()), HasSubstr("exists"), HasSubstr("--overwrite")));
    EXPECT_NO_THROW(check_output_file({there, true}));
  }
  EXPECT_THAT(error_of<UsageError>([&] { check_output_file({folder.path(), true}); }), HasSubstr("folder"));
  EXPECT_NO_THROW(check_output_file({"/dev/null"}));
  const Descriptor open(path, O_WRONLY);
  EXPECT_NO_THROW(check_output_file({"/dev/fd/" + std::to_string(open.value())})) << "the shell's affair";
}

TEST(OutputFolder, OnlyAResultOfTheSameKindIsReplaced) {
  const testing::TemporaryFolder folder;
  const auto is_foreign = [](const fs::path& path) { return fs::exists(path / "mark") ? "" : "it has no mark"; };
  const auto refusal = [&](const fs::path& path, bool overwrite) {
    return error_of<UsageError>([&] { OutputFolder{path, overwrite, "corpus", is_foreign}.check(); });
  };
  const fs::path path = folder / "out";
  EXPECT_EQ(refusal(path, false), "");
  fs::create_directory(path);
  EXPECT_EQ(refusal(path, false), "");
  write_file_atomically(path / "thesis.txt", "1");
  for (const bool overwrite : {false, true}) {
    EXPECT_THAT(refusal(path, overwrite), AllOf(HasSubstr("is no corpus"), HasSubstr("it has no mark")));
  }
  write_file_atomically(path / "mark", "1");
  EXPECT_THAT(refusal(path, false), AllOf(HasSubstr(path.string() + " exists"), HasSubstr("--overwrite")));
  EXPECT_EQ(refusal(path, true), "");
  EXPECT_THAT(refusal(path / "mark", true), HasSubstr("expected the name of a folder"));
  fs::create_symlink("gone", folder / "dangling");
  EXPECT_THAT(refusal(folder / "dangling", true), HasSubstr("is a link to gone, which is not there"));
}

}  // namespace
}  // namespace albert
