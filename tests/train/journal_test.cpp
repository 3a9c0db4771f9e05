#include "train/journal.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/error.h"
#include "support/temporary_folder.h"
#include "train/fake_objective.h"

namespace albert::train {
namespace {

TEST(MetricsLog, IsReadableWhileItIsWritten) {
  const albert::testing::TemporaryFolder folder;
  MetricsLog log(folder / "metrics.jsonl", 0);
  log.write(1, {{"loss", 0.5}, {"mlm_accuracy", 0.25}});
  EXPECT_EQ(read_file(folder / "metrics.jsonl"), "{\"step\":1,\"loss\":0.5,\"mlm_accuracy\":0.25}\n");
}

TEST(MetricsLog, ForgetsWhatTheRunWillDoAgain) {
  const albert::testing::TemporaryFolder folder;
  const auto path = folder / "metrics.jsonl";
  write_file_atomically(path,
                        "{\"step\":1,\"loss\":3}\n{\"step\":2,\"loss\":2}\n{\"step\":3,\"loss\":1}\n{\"step\":4,\"lo");
  MetricsLog(path, 2).write(3, {{"loss", 1.5}});
  EXPECT_EQ(read_file(path), "{\"step\":1,\"loss\":3}\n{\"step\":2,\"loss\":2}\n{\"step\":3,\"loss\":1.5}\n");
}

constexpr const char* kRecord = R"({"step":1,"loss":3})";

TEST(MetricsLog, KeepsARecordThatLacksItsEndAndDropsOneThatIsTorn) {
  const albert::testing::TemporaryFolder folder;
  const auto path = folder / "metrics.jsonl";
  const std::string whole = fmt::format("{}\n", kRecord);
  const std::string nul(7, '\0');
  for (const std::string& torn :
       {std::string("{"), std::string(R"({"step":2,"lo)"), nul, fmt::format("{}{}", R"({"step":2)", nul)}) {
    write_file_atomically(path, fmt::format("{}{}", whole, torn));
    const MetricsLog log(path, 1);
    EXPECT_EQ(read_file(path), whole);
  }
  write_file_atomically(path, kRecord);
  const MetricsLog log(path, 1);
  EXPECT_EQ(read_file(path), whole);
}

TEST(MetricsLog, WhatIsNoRecordIsNotDropped) {
  const albert::testing::TemporaryFolder folder;
  const auto path = folder / "metrics.jsonl";
  const std::string deep(100'000, '[');
  for (const std::string& foreign :
       {fmt::format("{0}\nmy notes\n{0}\n", kRecord), fmt::format("{}\nmy notes", kRecord),
        fmt::format("{0}\r{0}\r", kRecord), fmt::format("{}\n\n", kRecord),
        fmt::format("{}\n{}\n", kRecord, R"({"loss":3})"), fmt::format("{}\n{}\n", kRecord, R"({"step":"2"})"),
        fmt::format("{}\n{}\n", kRecord, deep)}) {
    write_file_atomically(path, foreign);
    EXPECT_THROW(MetricsLog(path, 1), DataError) << foreign.substr(0, 80);
    EXPECT_EQ(read_file(path), foreign);
  }
}

TEST(MetricsLog, WhatALinkPointsAtIsLeftAlone) {
  const albert::testing::TemporaryFolder folder;
  write_file_atomically(folder / "notes", "mine\n");
  fs::create_symlink(folder / "notes", folder / "metrics.jsonl");
  EXPECT_THROW(MetricsLog(folder / "metrics.jsonl", 0), IoError);
  EXPECT_EQ(read_file(folder / "notes"), "mine\n");
}

struct Told {
  nlohmann::json record;
  std::string line;
};

/// What is told of a step.
Told told_of(const StepReport& report) {
  const albert::testing::TemporaryFolder folder;
  const RunFolder run(folder / "run", RunFolder::Start::kNew);
  const testing::FakeObjective objective;
  const Course course(10);
  Journal journal(run, objective, {}, course);
  journal.add(1, report);
  journal.write(1, std::nullopt);
  return {nlohmann::json::parse(read_file(run.metrics())), journal.line(1)};
}

TEST(Journal, TellsOfOtherRanksWhatWasMeasured) {
  StepReport report{.sums = {1, 2}, .num_tokens = 90, .seconds = 2};
  EXPECT_FALSE(told_of(report).record.contains("rank_imbalance"));
  EXPECT_EQ(told_of(report).line, "step 1/10, loss 0.5000, 45 tokens/s");
  report.tokens_at_most = 120;
  EXPECT_NEAR(told_of(report).record.at("rank_imbalance").get<double>(), 1.0 / 3, 1e-6);
  EXPECT_FALSE(told_of(report).record.contains("rank_wait_fraction")) << "only the device waited";
  EXPECT_EQ(told_of(report).line, "step 1/10, loss 0.5000, 45 tokens/s, imbalance 33%");
  report.exchanged_s = 0.5;
  EXPECT_EQ(told_of(report).record.at("rank_wait_fraction"), 0.25);
  EXPECT_EQ(told_of(report).line, "step 1/10, loss 0.5000, 45 tokens/s, 25% waiting for ranks, imbalance 33%");
}

}  // namespace
}  // namespace albert::train
