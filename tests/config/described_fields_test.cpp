#include "config/described_fields.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace albert::config {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

enum class Shape { kRound, kSquare };

struct Part {
  std::int64_t count = 3;
  void fields(Fields& f) { f("count", count, "how many", at_least(0)); }
};

struct Whole {
  bool enabled = false;
  Shape shape = Shape::kSquare;
  std::filesystem::path file;
  Part part;
  std::vector<Part> parts = {Part{}, Part{}};
  WordOrNumbers weights;

  void fields(Fields& f) {
    f("enabled", enabled, "whether it does anything");
    f.choice("shape", shape, "its form", {{"round", Shape::kRound}, {"square", Shape::kSquare}});
    f("file", file, "where it lies");
    f.group("part", part, "a part of it");
    f.list("parts", parts, "more of them");
    f("weights", weights, "how much each counts", {"balanced"}, at_least(0));
  }
};

TEST(DescribedFields, HaveTheirFullKeysInOrder) {
  std::vector<std::string> keys;
  for (const DescribedField& field : describe_fields(Whole{})) keys.push_back(field.key);
  EXPECT_THAT(keys, ElementsAre("enabled", "shape", "file", "part.count", "parts", "weights"));
}

TEST(DescribedFields, SayWhatTheyAreAndTake) {
  const std::vector<DescribedField> fields = describe_fields(Whole{});
  EXPECT_EQ(fields[3].help, "how many");
  EXPECT_THAT(fields[0].values, ElementsAre("true", "false"));
  EXPECT_THAT(fields[1].values, ElementsAre("round", "square"));
  EXPECT_THAT(fields[5].values, ElementsAre("balanced"));
  EXPECT_THAT(fields[3].values, IsEmpty());
  EXPECT_TRUE(fields[2].is_path);
  EXPECT_FALSE(fields[3].is_path);
}

}  // namespace
}  // namespace albert::config
