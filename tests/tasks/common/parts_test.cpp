#include "tasks/common/parts.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::tasks {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Source part_of(Part part, double share = 0.2) {
  return {.file = "reviews.tsv", .part = part, .held_out = {0, share}};
}

std::vector<std::string> texts(int count) {
  std::vector<std::string> contents(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) contents[static_cast<std::size_t>(i)] = "text " + std::to_string(i);
  return contents;
}

TEST(ChooseShare, EveryExampleIsOfOnePart) {
  const std::vector<std::string> contents = texts(1000);
  const std::vector<bool> trained = choose_share(contents, part_of(Part::kTrain));
  std::vector<bool> evaluated = choose_share(contents, part_of(Part::kDevelopment));
  EXPECT_NEAR(static_cast<double>(std::ranges::count(evaluated, true)), 200, 40);
  evaluated.flip();
  EXPECT_EQ(trained, evaluated);
}

TEST(ChooseShare, OfFoldsEveryExampleIsInOne) {
  const std::vector<std::string> contents = texts(1000);
  std::vector<int> num_folds_of(contents.size());
  for (int fold = 0; fold < 4; ++fold) {
    const Source source{
        .file = "reviews.tsv", .part = Part::kDevelopment, .held_out = {fold / 4., (fold + 1) / 4., true}};
    const std::vector<bool> evaluated = choose_share(contents, source);
    EXPECT_EQ(std::ranges::count(evaluated, true), 250);
    for (std::size_t i = 0; i < contents.size(); ++i) num_folds_of[i] += evaluated[i] ? 1 : 0;
  }
  EXPECT_THAT(num_folds_of, ::testing::Each(1));
}

TEST(ChooseShare, OfTooManyFoldsTheFirstIsRefused) {
  const std::vector<std::string> contents = {"a", "b", "a", "c"};
  for (const int num_folds : {3, 4}) {
    const Source source{.file = "reviews.tsv", .part = Part::kTrain, .held_out = {0, 1. / num_folds, true}};
    const std::string refusal = albert::testing::error_of<DataError>([&] { choose_share(contents, source); });
    EXPECT_EQ(refusal, num_folds == 3 ? ""
                                      : "reviews.tsv: expected at least an example for each of the 4 folds, found 4 "
                                        "examples (3 of which no two are alike)");
  }
}

TEST(ChooseShare, AGrowingFileKeepsItsDivision) {
  const std::vector<bool> of_more = choose_share(texts(1000), part_of(Part::kTrain));
  const std::vector<bool> of_less = choose_share(texts(300), part_of(Part::kTrain));
  EXPECT_TRUE(std::equal(of_less.begin(), of_less.end(), of_more.begin()));
}

TEST(ChooseShare, OfFewExamplesOneIsHeldOut) {
  const std::vector<std::string> contents = {"a", "b", "a"};
  for (const double share : {1e-9, 1e-6}) {
    const std::vector<bool> evaluated = choose_share(contents, part_of(Part::kDevelopment, share));
    EXPECT_EQ(evaluated[0], evaluated[2]) << "examples alike stay together";
    EXPECT_NE(evaluated[0], evaluated[1]);
  }
}

TEST(ChooseShare, ExamplesAlikeCannotBeDivided) {
  const std::vector<std::string> contents = {"a", "a"};
  EXPECT_THAT(
      testing::refusal<DataError>([&] { choose_share(contents, part_of(Part::kTrain)); }),
      AllOf(HasSubstr("reviews.tsv"), HasSubstr("0.2"), HasSubstr("left for training"), HasSubstr("task.held_out")));
}

TEST(DescribeShare, SaysNothingOfAWholeFile) {
  EXPECT_EQ(describe_share(0), "");
  EXPECT_EQ(describe_share(3), "; 3 kept for the other one of training and evaluation");
}

TEST(NamedPart, IsToldByTheEndOfTheNameOrItsBeginning) {
  EXPECT_EQ(named_part("a/my-train.csv"), Part::kTrain);
  EXPECT_EQ(named_part("dev.jsonl"), Part::kDevelopment);
  EXPECT_EQ(named_part("Validation-00000-of-00001.tsv"), Part::kDevelopment);
  EXPECT_EQ(named_part("train_dev.tsv"), Part::kDevelopment);
  EXPECT_FALSE(named_part("testimony.tsv"));
  EXPECT_EQ(named_part("x_test.txt"), Part::kTest);
  EXPECT_FALSE(named_part("train/reviews.csv"));
}

TEST(FilesOfPart, AreKnownByTheEndOfTheirNames) {
  const testing::TemporaryFolder folder;
  for (const char* name : {"train.csv", "ARC-Easy-Train.csv", "my.training.jsonl", "retrain.csv", "train_2.csv",
                           "train.txt", "valid.csv", "easy_val.csv", "validation.jsonl", "dev.csv", "test"}) {
    testing::write_file(folder / name, "");
  }
  const std::vector<std::string> extensions = {".csv", ".jsonl"};
  EXPECT_THAT(files_of_part(folder.path(), Part::kTrain, extensions),
              ElementsAre(folder / "ARC-Easy-Train.csv", folder / "my.training.jsonl", folder / "train.csv"));
  EXPECT_THAT(
      files_of_part(folder.path(), Part::kDevelopment, extensions),
      ElementsAre(folder / "dev.csv", folder / "easy_val.csv", folder / "valid.csv", folder / "validation.jsonl"));
  EXPECT_THAT(files_of_part(folder.path(), Part::kTest, extensions), IsEmpty());
}

}  // namespace
}  // namespace albert::tasks
