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

TEST(MetricsLog, WhatALinkPointsAtIsLeftAlone) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "notes", "mine\n");
  fs::create_symlink(folder / "notes", folder / "metrics.jsonl");
  EXPECT_THROW(MetricsLog(folder / "metrics.jsonl", 0), IoError);
  EXPECT_EQ(read_file(folder / "notes"), "mine\n");
}

}  // namespace
}  // namespace albert::train
