#include "train/journal.h"

#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "support/temporary_folder.h"

namespace albert::train {
namespace {

TEST(MetricsLog, IsReadableWhileItIsWritten) {
  const testing::TemporaryFolder folder;
  MetricsLog log(folder / "metrics.jsonl", 0);
  log.write(1, {{"loss", 0.5}, {"mlm_accuracy", 0.25}});
  EXPECT_EQ(read_file(folder / "metrics.jsonl"), "{\"step\":1,\"loss\":0.5,\"mlm_accuracy\":0.25}\n");
}

TEST(MetricsLog, ForgetsWhatTheRunWillDoAgain) {
  const testing::TemporaryFolder folder;
  const auto path = folder / "metrics.jsonl";
  write_file_atomically(path,
                        "{\"step\":1,\"loss\":3}\n{\"step\":2,\"loss\":2}\n{\"step\":3,\"loss\":1}\n{\"step\":4,\"lo");
  MetricsLog(path, 2).write(3, {{"loss", 1.5}});
  EXPECT_EQ(read_file(path), "{\"step\":1,\"loss\":3}\n{\"step\":2,\"loss\":2}\n{\"step\":3,\"loss\":1.5}\n");
}

TEST(MetricsLog, KeepsARecordThatLacksItsEndAndDropsOneThatIsTorn) {
  const testing::TemporaryFolder folder;
  const auto path = folder / "metrics.jsonl";
  const std::string whole = "{\"step\":1,\"loss\":3}\n";
  for (const std::string& torn : {std::string("{"), std::string("{\"step\":2,\"lo"), std::string(7, '\0'),
                                  "{\"step\":2" + std::string(7, '\0')}) {
    write_file_atomically(path, whole + torn);
    const MetricsLog log(path, 1);
    EXPECT_EQ(read_file(path), whole);
  }
  write_file_atomically(path, "{\"step\":1,\"loss\":3}");
  const MetricsLog log(path, 1);
  EXPECT_EQ(read_file(path), whole);
}

TEST(MetricsLog, WhatIsNoRecordIsNotDropped) {
  const testing::TemporaryFolder folder;
  const auto path = folder / "metrics.jsonl";
  const std::string record = "{\"step\":1,\"loss\":3}";
  for (const std::string& foreign :
       {record + "\nmy notes\n" + record + "\n", record + "\nmy notes", record + "\r" + record + "\r", record + "\n\n",
        record + "\n{\"loss\":3}\n", record + "\n{\"step\":\"2\"}\n",
        record + "\n" + std::string(100'000, '[') + "\n"}) {
    write_file_atomically(path, foreign);
    EXPECT_THROW(MetricsLog(path, 1), DataError) << foreign.substr(0, 80);
    EXPECT_EQ(read_file(path), foreign);
  }
}

TEST(MetricsLog, WhatALinkPointsAtIsLeftAlone) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "notes", "mine\n");
  fs::create_symlink(folder / "notes", folder / "metrics.jsonl");
  EXPECT_THROW(MetricsLog(folder / "metrics.jsonl", 0), IoError);
  EXPECT_EQ(read_file(folder / "notes"), "mine\n");
}

}  // namespace
}  // namespace albert::train
