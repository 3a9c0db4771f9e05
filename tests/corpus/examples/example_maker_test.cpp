#include "corpus/examples/example_maker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "corpus/examples/masking.h"
#include "support/chi_squared.h"
#include "support/fake_tokenizer.h"

namespace albert::corpus {
namespace {

Random random_at(std::uint64_t index) {
  return Random(random_key(11, {}), index);
}

TEST(Truncate, TakesFromTheLongerUntilBothFit) {
  struct Case {
    std::uint64_t first, second, max, first_left, second_left;
  };
  for (const Case& c : {Case{10, 4, 12, 8, 4}, Case{10, 4, 6, 3, 3}, Case{4, 10, 7, 4, 3}, Case{5, 5, 9, 5, 4},
                        Case{5, 5, 10, 5, 5}, Case{1, 1000, 2, 1, 1}}) {
    Range first{100, 100 + c.first};
    Range second{200, 200 + c.second};
    Random random = random_at(0);
    truncate(first, second, c.max, random);
    EXPECT_EQ(first.size(), c.first_left);
    EXPECT_EQ(second.size(), c.second_left);
    EXPECT_GE(first.begin, 100U);
    EXPECT_LE(second.end, 200 + c.second);
  }
}

TEST(Truncate, TakesFromFrontAndBackAlike) {
  std::vector<double> sides(2);
  for (std::uint64_t i = 0; i < 500; ++i) {
    Range only{0, 100};
    Random random = random_at(i);
    truncate(only, 60, random);
    EXPECT_EQ(only.size(), 60U);
    sides[0] += static_cast<double>(only.begin);
    sides[1] += static_cast<double>(100 - only.end);
  }
  EXPECT_LT(testing::chi_squared(sides), 10.8);  // 1 degree of freedom, p = 0.001
}

TEST(DivideInside, DividesBeforeAWord) {
  const testing::FakeTokenizer tokenizer;
  const Masker words(tokenizer, {});
  // Multiples of 3 go on with a word: | 7 9 12 | 8 6 | 10 |
  const std::vector<std::int32_t> ids = {7, 9, 12, 8, 6, 10};
  std::vector<double> counts(2);
  for (std::uint64_t i = 0; i < 2000; ++i) {
    Random random = random_at(i);
    const std::size_t place = divide_inside(ids, words, random);
    ASSERT_THAT(place, ::testing::AnyOf(3U, 5U));
    ++counts[place == 3 ? 0 : 1];
  }
  EXPECT_LT(testing::chi_squared(counts, {0.6, 0.4}), 10.8);
}

TEST(DivideInside, GoesBackToTheLastWordOrIntoTheOnlyOne) {
  const testing::FakeTokenizer tokenizer;
  const Masker words(tokenizer, {});
  for (std::uint64_t i = 0; i < 100; ++i) {
    Random random = random_at(i);
    EXPECT_EQ(divide_inside({7, 8, 9, 12}, words, random), 1U);
    EXPECT_THAT(divide_inside({7, 9, 12}, words, random), ::testing::AnyOf(1U, 2U));
    EXPECT_EQ(divide_inside({9, 12}, words, random), 1U);
  }
}

}  // namespace
}  // namespace albert::corpus
