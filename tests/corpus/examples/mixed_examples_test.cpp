#include "corpus/examples/mixed_examples.h"

#include <map>
#include <set>
#include <thread>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"

namespace albert::corpus {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Epochs whose examples say where they are from: {source, epoch, index}. The size of an epoch is not always that of the
/// first.
class FakeSource : public ExampleSource {
 public:
  FakeSource(std::int32_t id, std::vector<std::uint64_t> sizes) : id_(id), sizes_(std::move(sizes)) {}

  std::shared_ptr<const EpochExamples> epoch(std::uint64_t epoch) const override {
    return std::make_shared<FakeEpoch>(id_, epoch, sizes_[epoch % sizes_.size()]);
  }

 private:
  class FakeEpoch : public EpochExamples {
   public:
    FakeEpoch(std::int32_t id, std::uint64_t epoch, std::uint64_t size) : id_(id), epoch_(epoch), size_(size) {}
    std::uint64_t size() const override { return size_; }
    std::uint64_t num_tokens(std::uint64_t index) const override { return 10 + index % 7; }
    Example make(std::uint64_t index, double /*masking_rate*/) const override {
      EXPECT_LT(index, size_);
      Example example;
      example.token_ids = {id_, static_cast<std::int32_t>(epoch_), static_cast<std::int32_t>(index)};
      return example;
    }

   private:
    std::int32_t id_;
    std::uint64_t epoch_;
    std::uint64_t size_;
  };

  std::int32_t id_;
  std::vector<std::uint64_t> sizes_;
};

MixedComponent component(std::int32_t id, std::vector<std::uint64_t> sizes, double weight) {
  return {"corpus" + std::to_string(id), std::make_shared<FakeSource>(id, std::move(sizes)), weight};
}

using Origins = std::vector<std::vector<std::int32_t>>;

Origins all_of(const EpochExamples& epoch) {
  Origins origins;
  for (std::uint64_t i = 0; i < epoch.size(); ++i) origins.push_back(epoch.make(i, 0.15).token_ids);
  return origins;
}

std::vector<std::uint64_t> divided(std::uint64_t total, const std::vector<double>& weights) {
  return apportion(total, weights);
}

TEST(Divide, GivesTheLargestRemaindersTheRest) {
  EXPECT_THAT(divided(10, {0.7, 0.3}), ElementsAre(7, 3));
  EXPECT_THAT(divided(10, {2, 1}), ElementsAre(7, 3));
  EXPECT_THAT(divided(100, {1, 1, 1}), ElementsAre(34, 33, 33));
  EXPECT_THAT(divided(5, {0.5, 0.5}), ElementsAre(3, 2));
  EXPECT_THAT(divided(7, {1}), ElementsAre(7));
  EXPECT_THAT(divided(0, {1, 2}), ElementsAre(0, 0));
  EXPECT_THAT(divided(3, {1e-9, 1}), ElementsAre(0, 3));
  const std::vector<double> weights{0.61, 0.17, 0.05, 0.17};
  for (std::uint64_t total = 0; total < 2000; ++total) {
    std::uint64_t sum = 0;
    const std::vector<std::uint64_t> shares = divided(total, weights);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      sum += shares[i];
      EXPECT_LT(std::abs(static_cast<double>(shares[i]) - weights[i] * static_cast<double>(total)), 1) << total;
    }
    EXPECT_EQ(sum, total);
  }
}

TEST(MixedExamples, AnEpochHasEachCorpusByItsWeightInRandomOrder) {
  const MixedExamples mixed({component(0, {900}, 0.25), component(1, {103}, 0.75)}, 1);
  EXPECT_THAT(mixed.components(), ElementsAre(EpochComponent{251, 900}, EpochComponent{752, 103}));
  for (const std::uint64_t number : {0, 1, 5}) {
    const auto epoch = mixed.epoch(number);
    ASSERT_EQ(epoch->size(), 1003U);
    std::map<std::int32_t, int> counts;
    int in_first_half = 0;
    for (std::uint64_t i = 0; i < epoch->size(); ++i) {
      const std::int32_t source = epoch->make(i, 0.15).token_ids[0];
      ++counts[source];
      if (i < 500 && source == 0) ++in_first_half;
    }
    EXPECT_THAT(counts, ElementsAre(std::pair(0, 251), std::pair(1, 752)));
    EXPECT_NEAR(in_first_half, 125, 40);
  }
}

TEST(MixedExamples, ACorpusIsSeenWholeBeforeItIsRepeatedAndNothingComesTwice) {
  const MixedExamples mixed({component(0, {1000}, 0.3), component(1, {50}, 0.7)}, 1);
  std::set<std::vector<std::int32_t>> seen;
  std::map<std::pair<std::int32_t, std::int32_t>, int> by_own_epoch;
  for (std::uint64_t number = 0; number < 20; ++number) {
    for (const auto& origin : all_of(*mixed.epoch(number))) {
      EXPECT_TRUE(seen.insert(origin).second) << ::testing::PrintToString(origin);
      ++by_own_epoch[{origin[0], origin[1]}];
    }
  }
  // 20 epochs of 315 and 735 examples: own epochs 0 to 5 and 0 to 293 whole, the next one begun.
  ASSERT_EQ(by_own_epoch.size(), 7U + 294U);
  for (std::int32_t own = 0; own < 6; ++own) EXPECT_EQ((by_own_epoch[{0, own}]), 1000);
  EXPECT_EQ((by_own_epoch[{0, 6}]), 300);
  for (std::int32_t own = 0; own < 294; ++own) EXPECT_EQ((by_own_epoch[{1, own}]), 50);
}

TEST(MixedExamples, OwnEpochsOfOtherSizesCountAsTheFirst) {
  const MixedExamples mixed({component(0, {10, 8, 13}, 1), component(1, {10}, 1)}, 1);
  std::map<std::vector<std::int32_t>, int> times;
  for (std::uint64_t number = 0; number < 3; ++number) {
    const auto epoch = mixed.epoch(number);
    ASSERT_EQ(epoch->size(), 20U);
    for (const auto& origin : all_of(*epoch)) ++times[origin];
  }
  for (std::int32_t index = 0; index < 10; ++index) {
    EXPECT_EQ((times[{0, 0, index}]), 1);
    EXPECT_EQ((times[{0, 1, index}]), index < 2 ? 2 : index < 8 ? 1 : 0);
    EXPECT_EQ((times[{0, 2, index}]), 1);
  }
}

TEST(MixedExamples, DependOnSeedEpochAndIndexAlone) {
  const auto make = [](std::uint64_t seed) {
    return MixedExamples({component(0, {40, 44}, 1), component(1, {20}, 2), component(2, {7}, 0.5)}, seed);
  };
  const MixedExamples mixed = make(1);
  const Origins expected = all_of(*mixed.epoch(3));
  const auto again = make(1).epoch(3);
  for (std::uint64_t i = again->size(); i-- > 0;) EXPECT_EQ(again->make(i, 0.15).token_ids, expected[i]);
  EXPECT_NE(all_of(*make(2).epoch(3)), expected);
  EXPECT_NE(all_of(*mixed.epoch(4)), expected);
  std::vector<int> differing(3);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < differing.size(); ++t) {
    threads.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < again->size(); ++i) {
        const std::uint64_t index = (i * 5 + t * 17) % again->size();
        if (again->make(index, 0.15).token_ids != expected[index]) ++differing[t];
        if (again->num_tokens(index) != 10 + static_cast<std::uint64_t>(expected[index][2]) % 7) ++differing[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(differing, ::testing::Each(0));
}

TEST(MixedExamples, RefuseWeightsThatNobodyMeans) {
  EXPECT_THAT(
      testing::refusal<UsageError>([] {
        MixedExamples({component(0, {100}, 1e-9), component(1, {100}, 1)}, 1);
      }),
      HasSubstr("the corpus corpus0 has too small a weight: its share of the 200 examples of an epoch is less"));
  EXPECT_THAT(testing::refusal<UsageError>([] {
                MixedExamples({component(0, {1}, 1), component(1, {30'000}, 1)}, 1);
              }),
              HasSubstr("the corpus corpus0 has too large a weight: its 1 example would come 15,001 times"));
}

}  // namespace
}  // namespace albert::corpus
