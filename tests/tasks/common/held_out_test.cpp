#include "tasks/common/held_out.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace albert::tasks {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Source part_of(Part part, double share = 0.2) {
  return {.file = "reviews.tsv", .part = part, .held_out = share};
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
  try {
    choose_share(contents, part_of(Part::kTrain));
    FAIL() << "nothing is left to train on";
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("reviews.tsv"), HasSubstr("0.2"), HasSubstr("left for training"),
                                    HasSubstr("task.held_out")));
  }
}

TEST(KeepShare, TakesTheOthersInTheirOrder) {
  std::vector<std::string> trained = texts(50), evaluated = texts(50), all = texts(50);
  const auto content_of = [](const std::string& text) { return text; };
  const std::size_t num_evaluated = keep_share(trained, part_of(Part::kTrain), content_of);
  EXPECT_EQ(keep_share(evaluated, part_of(Part::kDevelopment), content_of), trained.size());
  EXPECT_EQ(num_evaluated, evaluated.size());
  std::vector<std::string> merged;
  const auto place = [&](const std::string& text) { return std::ranges::find(all, text); };
  std::ranges::merge(trained, evaluated, std::back_inserter(merged), {}, place, place);
  EXPECT_EQ(merged, all);
  EXPECT_EQ(keep_share(all, part_of(Part::kTrain, 0), content_of), 0U) << "a file that serves one part is whole";
  EXPECT_EQ(describe_share(0), "");
  EXPECT_EQ(describe_share(3), "; 3 kept for the other one of training and evaluation");
}

}  // namespace
}  // namespace albert::tasks
