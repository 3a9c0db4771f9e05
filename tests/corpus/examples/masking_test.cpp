#include "corpus/examples/masking.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/chi_squared.h"
#include "support/fake_tokenizer.h"

namespace albert::corpus {
namespace {

using ::testing::IsEmpty;

constexpr std::int32_t kUnknown = 1;
constexpr std::int32_t kCls = 2;
constexpr std::int32_t kSep = 3;
constexpr std::int32_t kMask = 4;

/// [CLS] first [SEP] second [SEP] of ordinary ids.
std::vector<std::int32_t> random_sequence(std::size_t first, std::size_t second, Random& random,
                                          std::int32_t vocabulary_size = 100) {
  std::vector<std::int32_t> ids = {kCls};
  for (const std::size_t length : {first, second}) {
    for (std::size_t i = 0; i < length; ++i)
      ids.push_back(5 + static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(vocabulary_size - 5))));
    ids.push_back(kSep);
  }
  return ids;
}

/// A sequence of words of one token each: ids that 3 does not divide.
std::vector<std::int32_t> single_token_words(std::size_t length) {
  std::vector<std::int32_t> ids = {kCls};
  for (std::size_t i = 0; i < length; ++i) ids.push_back(i % 2 == 0 ? 7 : 8);
  ids.push_back(kSep);
  return ids;
}

Example masked(const Masker& masker, std::vector<std::int32_t> ids, std::uint64_t index, double masking_rate = 0.15) {
  Example example;
  example.token_ids = std::move(ids);
  Random random(random_key(5, {}), index);
  masker.mask(example, masking_rate, random);
  return example;
}

TEST(Masker, BudgetIsGooglesRounding) {
  const testing::FakeTokenizer tokenizer;
  const Masker unlimited(tokenizer, {});
  // Python 3: max(1, int(round(n * 0.15)))
  for (const auto& [length, expected] :
       {std::pair{3, 1}, {10, 2}, {30, 4}, {50, 8}, {90, 14}, {128, 19}, {256, 38}, {512, 77}}) {
    EXPECT_EQ(unlimited.budget(static_cast<std::size_t>(length), 0.15), expected) << length;
  }
  const Masker limited(tokenizer, {.max_predictions_per_sequence = 20});
  EXPECT_EQ(limited.budget(512, 0.15), 20);
  EXPECT_EQ(limited.budget(100, 0.15), 15);
  EXPECT_EQ(limited.budget(3, 0.15), 1);
}

class MaskUnits : public ::testing::TestWithParam<MaskUnit> {};

TEST_P(MaskUnits, KeepsItsPromisesOnRandomSequences) {
  const testing::FakeTokenizer tokenizer;
  const Masker masker(tokenizer, {.mask_unit = GetParam()});
  for (std::uint64_t i = 0; i < 2000; ++i) {
    Random random(random_key(6, {}), i);
    const std::vector<std::int32_t> original = random_sequence(random.below(60), 1 + random.below(60), random);
    const Example example = masked(masker, original, i);
    ASSERT_EQ(example.token_ids.size(), original.size());
    ASSERT_EQ(example.labels.size(), example.masked_positions.size());
    EXPECT_LE(static_cast<std::int32_t>(example.labels.size()), masker.budget(original.size(), 0.15));
    EXPECT_TRUE(std::is_sorted(example.masked_positions.begin(), example.masked_positions.end(), std::less_equal<>()));
    std::vector<std::int32_t> restored = example.token_ids;
    for (std::size_t k = 0; k < example.labels.size(); ++k) {
      const auto position = static_cast<std::size_t>(example.masked_positions[k]);
      EXPECT_GT(example.labels[k], kMask) << "a special token is masked";
      EXPECT_LT(example.token_ids[position], 100);
      EXPECT_GE(example.token_ids[position], kMask) << "a random token is special";
      restored[position] = example.labels[k];
    }
    EXPECT_EQ(restored, original);
  }
}

TEST_P(MaskUnits, KeepsWordsWhole) {
  const testing::FakeTokenizer tokenizer;
  const Masker masker(tokenizer, {.mask_unit = GetParam()});
  int torn = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    Random random(random_key(7, {}), i);
    const std::vector<std::int32_t> original = random_sequence(50, 50, random);
    std::vector<bool> is_masked(original.size());
    for (const std::int32_t position : masked(masker, original, i).masked_positions)
      is_masked[static_cast<std::size_t>(position)] = true;
    for (std::size_t p = 1; p < original.size(); ++p) {
      const bool same_word = original[p] > kMask && original[p - 1] > kMask && original[p] % 3 == 0;
      if (same_word && is_masked[p] != is_masked[p - 1]) ++torn;
    }
  }
  if (GetParam() == MaskUnit::kTokens) {
    EXPECT_GT(torn, 1000);
  } else {
    EXPECT_EQ(torn, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Units, MaskUnits,
                         ::testing::Values(MaskUnit::kNgrams, MaskUnit::kWholeWords, MaskUnit::kTokens));

// A single-token vocabulary fills the budget exactly; words of several tokens may leave some of it.
TEST(Masker, FillsTheBudget) {
  const testing::FakeTokenizer tokenizer;
  const Masker masker(tokenizer, {});
  for (std::uint64_t i = 0; i < 200; ++i) {
    EXPECT_EQ(masked(masker, single_token_words(98), i).labels.size(), 15U);
  }
  double share = 0;
  for (std::uint64_t i = 0; i < 500; ++i) {
    Random random(random_key(8, {}), i);
    share += static_cast<double>(masked(masker, random_sequence(62, 63, random), i).labels.size()) / 19 / 500;
  }
  EXPECT_GT(share, 0.99);
}

TEST(NgramLength, IsDrawnInInverseProportion) {
  for (const std::int64_t max_ngram : {2, 3, 5}) {
    std::vector<double> counts(static_cast<std::size_t>(max_ngram));
    std::vector<double> probabilities;
    for (std::int64_t n = 1; n <= max_ngram; ++n) probabilities.push_back(1.0 / static_cast<double>(n));
    const double sum = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
    for (double& probability : probabilities) probability /= sum;
    Random random(random_key(9, {}), 0);
    const NgramLength length(max_ngram);
    for (int i = 0; i < 20000; ++i) ++counts.at(length.draw(random) - 1);
    EXPECT_LT(testing::chi_squared(counts, probabilities), 18.5) << max_ngram;  // 4 degrees of freedom, p = 0.001
  }
  Random random(random_key(9, {}), 0);
  EXPECT_EQ(NgramLength(1).draw(random), 1U);
}

// The same seen from outside: runs of masked words in a sequence so long, with so few masks, that they do not touch.
TEST(Masker, MasksRunsOfTheLengthsDrawn) {
  const testing::FakeTokenizer tokenizer;
  const Masker masker(tokenizer, {});
  std::vector<double> runs(3);
  for (std::uint64_t i = 0; i < 300; ++i) {
    const Example example = masked(masker, single_token_words(3000), i, 0.01);
    std::size_t run = 1;
    for (std::size_t k = 1; k <= example.masked_positions.size(); ++k) {
      if (k < example.masked_positions.size() && example.masked_positions[k] == example.masked_positions[k - 1] + 1) {
        ++run;
        continue;
      }
      ++runs[std::min<std::size_t>(run, 3) - 1];
      run = 1;
    }
  }
  const double total = runs[0] + runs[1] + runs[2];
  // Within 3 points: the last n-gram of a sequence is shortened to what is left, and one run in fifty touches another.
  EXPECT_NEAR(runs[0] / total, 6.0 / 11, 0.03);
  EXPECT_NEAR(runs[1] / total, 3.0 / 11, 0.03);
  EXPECT_NEAR(runs[2] / total, 2.0 / 11, 0.03);
}

TEST(Masker, ReplacesEightyTenTen) {
  const testing::FakeTokenizer tokenizer(1000);
  const Masker masker(tokenizer, {});
  std::vector<double> counts(3);  // [MASK], kept, random
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const Example example = masked(masker, single_token_words(126), i);
    for (std::size_t k = 0; k < example.labels.size(); ++k) {
      const std::int32_t id = example.token_ids[static_cast<std::size_t>(example.masked_positions[k])];
      ++counts[id == kMask ? 0 : id == example.labels[k] ? 1 : 2];
    }
  }
  const double same = 0.1 / 995;  // a random token that happens to be the original
  EXPECT_LT(testing::chi_squared(counts, {0.8, 0.1 + same, 0.1 - same}), 13.8);  // 2 degrees of freedom, p = 0.001
}

TEST(Masker, ObeysOtherShares) {
  const testing::FakeTokenizer tokenizer(1000);
  const Masker only_masks(tokenizer, {.mask_token_probability = 1, .random_token_probability = 0});
  const Masker keeps_all(tokenizer, {.mask_token_probability = 0, .random_token_probability = 0});
  const std::vector<std::int32_t> ids = single_token_words(126);
  for (const std::int32_t position : masked(only_masks, ids, 0).masked_positions) {
    EXPECT_EQ(masked(only_masks, ids, 0).token_ids[static_cast<std::size_t>(position)], kMask);
  }
  EXPECT_EQ(masked(keeps_all, ids, 0).token_ids, ids);
  EXPECT_EQ(masked(keeps_all, ids, 0).labels.size(), 19U);
}

TEST(Masker, DrawsEveryOrdinaryTokenAlikeAndNoOther) {
  const testing::FakeTokenizer tokenizer(30);
  const Masker masker(tokenizer, {.mask_token_probability = 0, .random_token_probability = 1});
  std::vector<double> counts(30);
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const Example example = masked(masker, single_token_words(126), i);
    for (const std::int32_t position : example.masked_positions)
      ++counts[static_cast<std::size_t>(example.token_ids[static_cast<std::size_t>(position)])];
  }
  for (std::size_t special = 0; special < 5; ++special) EXPECT_EQ(counts[special], 0);
  EXPECT_LT(testing::chi_squared({counts.begin() + 5, counts.end()}), 51.2);  // 24 degrees of freedom, p = 0.001
}

TEST(Masker, MasksEveryPlaceAlike) {
  const testing::FakeTokenizer tokenizer;
  const Masker masker(tokenizer, {.mask_unit = MaskUnit::kWholeWords});
  std::vector<double> counts(60);
  for (std::uint64_t i = 0; i < 8000; ++i) {
    for (const std::int32_t position : masked(masker, single_token_words(60), i).masked_positions)
      ++counts[static_cast<std::size_t>(position) - 1];
  }
  EXPECT_LT(testing::chi_squared(counts), 98.3);  // 59 degrees of freedom, p = 0.001
}

// Words a | b c with a budget of 2 and n in {1, 2}, p = 2/3, 1/3. Worked out by hand: {a, b} 5/18, {a, c} 6/18, {b, c}
// 7/18; if a bigram could reach over the separator, {a, b} 6/18, {a, c} 5/18.
TEST(Masker, NgramsStopAtTheSeparator) {
  const testing::FakeTokenizer tokenizer;
  const Masker masker(tokenizer, {.max_ngram = 2, .max_predictions_per_sequence = 2});
  std::vector<double> counts(3);
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const auto positions = masked(masker, {kCls, 7, kSep, 8, 10, kSep}, i, 1).masked_positions;
    ASSERT_EQ(positions.size(), 2U);
    ++counts[positions[0] == 3 ? 2 : positions[1] == 3 ? 0 : 1];
  }
  EXPECT_LT(testing::chi_squared(counts, {5.0 / 18, 6.0 / 18, 7.0 / 18}), 13.8);  // 2 degrees of freedom, p = 0.001
  EXPECT_GT(testing::chi_squared(counts, {6.0 / 18, 5.0 / 18, 7.0 / 18}), 100);
}

TEST(Masker, LeavesAWordWithAnUnknownTokenAlone) {
  const testing::FakeTokenizer tokenizer;
  const Masker masker(tokenizer, {});
  const std::vector<std::int32_t> ids = {kCls, 7,    kUnknown, 9,   12,
                                         8,    kSep, 9,        kSep};  // 9 and 12 go on with the unknown word
  EXPECT_THAT(masked(masker, ids, 0, 1).masked_positions, ::testing::ElementsAre(1, 5, 7));
}

TEST(Masker, MasksNothingWhereNoWordFits) {
  const testing::FakeTokenizer tokenizer;
  const Masker masker(tokenizer, {});
  const Example example = masked(masker, {kCls, 7, 9, kSep, 8, 12, kSep}, 0);  // a budget of 1, words of 2
  EXPECT_THAT(example.masked_positions, IsEmpty());
  EXPECT_EQ(example.token_ids, (std::vector<std::int32_t>{kCls, 7, 9, kSep, 8, 12, kSep}));
}

TEST(Masker, RefusesAnIdOutsideTheVocabulary) {
  const testing::FakeTokenizer tokenizer;
  const Masker masker(tokenizer, {});
  EXPECT_THROW(masked(masker, {kCls, 100, kSep}, 0), DataError);
  EXPECT_THROW(masked(masker, {kCls, -1, kSep}, 0), DataError);
  EXPECT_THROW(Masker(testing::FakeTokenizer(5), {}), DataError);
}

}  // namespace
}  // namespace albert::corpus
