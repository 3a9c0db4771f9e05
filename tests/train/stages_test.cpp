#include "train/stages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"
#include "train/pretrain_config.h"

namespace albert::train {
namespace {

PretrainConfig read(const std::vector<std::string>& assignments) {
  std::vector<std::string> all = {"train.steps=100", "train.batch_size=64", "train.micro_batch_size=8",
                                  "data.max_sequence_length=512"};
  all.insert(all.end(), assignments.begin(), assignments.end());
  return read_pretrain_config({}, all).values;
}

TEST(Stages, OneWhereNothingGrows) {
  const Stages stages(read({}));
  ASSERT_EQ(stages.all().size(), 1U);
  EXPECT_EQ(stages.at(99).num_layers, 12);
  EXPECT_EQ(stages.at(99).sequence_length, 512);
  EXPECT_EQ(stages.at(0).batch_size, 64);
  EXPECT_EQ(stages.num_sequences(), 6400);
  EXPECT_THAT(stages.borders(), ::testing::IsEmpty());
  EXPECT_EQ(describe(stages), "");
}

TEST(Stages, ChangeWhereAnythingDoes) {
  const Stages stages(read({"train.depth_schedule={0: 3, 0.35: 6, 0.7: 12}", "data.length_schedule={0: 128, 0.7: 512}",
                            "train.batch_schedule={0: 16, 0.5: 64}", "data.masking_rate={0: 0.3, 1: 0.15}"}));
  ASSERT_EQ(stages.all().size(), 4U);
  EXPECT_EQ(stages.at(34).num_layers, 3);
  EXPECT_EQ(stages.at(35).num_layers, 6);
  EXPECT_EQ(stages.at(49).batch_size, 16);
  EXPECT_EQ(stages.at(50).batch_size, 64);
  EXPECT_EQ(stages.at(69).sequence_length, 128);
  EXPECT_EQ(stages.at(69).micro_batch_size, 32) << "as many tokens as 8 sequences of 512";
  EXPECT_EQ(stages.at(70).micro_batch_size, 8);
  EXPECT_EQ(stages.num_sequences(), 50 * 16 + 50 * 64);
  EXPECT_THAT(stages.borders(), ::testing::ElementsAre(35, 70));
  EXPECT_DOUBLE_EQ(stages.masking_rate(50), 0.225);
  EXPECT_THAT(describe(stages), ::testing::HasSubstr("71 to 100      12     512         64   19.5 to 15.2%"));
}

TEST(Stages, OfARunByTheClockAreMilliseconds) {
  const PretrainConfig config =
      read({"train.minutes=2", "train.depth_schedule={0: 3, 0.5: 12}", "data.masking_rate={0: 0.3, 1: 0.15}"});
  EXPECT_EQ(config.training.train.steps, 0);
  const Stages stages(config);
  EXPECT_EQ(stages.at(59'999).num_layers, 3);
  EXPECT_EQ(stages.at(60'000).num_layers, 12);
  EXPECT_EQ(stages.num_sequences(), std::nullopt);
  EXPECT_THAT(stages.borders(), ::testing::ElementsAre(60'000));
  EXPECT_DOUBLE_EQ(stages.masking_rate(60'000), 0.225);
  EXPECT_THAT(describe(stages), ::testing::HasSubstr("1:00 to 2:00      12     512         64   22.5 to 15.0%"));
}

TEST(Stages, ContradictionsAreNamed) {
  const auto refusal = [](const std::vector<std::string>& assignments) {
    return albert::testing::refusal<UsageError>([&] { read(assignments); });
  };
  EXPECT_THAT(refusal({"train.depth_schedule={0: 3, 0.5: 6}"}),
              ::testing::HasSubstr("train.depth_schedule: ends with 6, but model.num_hidden_layers is 12"));
  EXPECT_THAT(refusal({"train.depth_schedule={0: 2.5, 0.5: 12}"}),
              ::testing::HasSubstr("has 2.5; expected whole numbers"));
  EXPECT_THAT(refusal({"train.depth_schedule={0: 4, 0.5: 12}", "model.num_hidden_groups=4"}),
              ::testing::HasSubstr("has a depth of 4, which is no whole number of the 4 groups of 3 layers"));
  EXPECT_THAT(refusal({"data.length_schedule={0: 128, 0.5: 256}"}),
              ::testing::HasSubstr("data.max_sequence_length is 512"));
  EXPECT_THAT(refusal({"train.batch_schedule={0: 8, 0.5: 32}"}), ::testing::HasSubstr("train.batch_size is 64"));
  EXPECT_THAT(refusal({"train.batch_schedule={0: 8, 0.5: 64}", "train.epochs=2"}),
              ::testing::HasSubstr("train.epochs"));
  EXPECT_THAT(refusal({"schedule.rewarm_steps=5"}),
              ::testing::HasSubstr("has no effect: there is no train.depth_schedule"));
  EXPECT_THAT(refusal({"schedule.rewarm_ratio=0.1"}), ::testing::HasSubstr("schedule.rewarm_ratio"));
}

}  // namespace
}  // namespace albert::train
