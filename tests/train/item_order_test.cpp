#include "train/item_order.h"

#include <algorithm>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"

namespace albert::train {
namespace {

std::vector<std::int64_t> random_lengths(std::size_t size) {
  Random random(1, 0);
  std::vector<std::int64_t> lengths(size);
  for (std::int64_t& length : lengths) length = 3 + random.below(120);
  return lengths;
}

std::vector<std::vector<std::int64_t>> updates_of(const ItemOrder& order, std::span<const std::int64_t> lengths) {
  std::vector<std::vector<std::int64_t>> updates;
  for (std::size_t u = 0; u + 1 < order.update_offsets.size(); ++u) {
    updates.emplace_back();
    for (std::uint64_t i = order.update_offsets[u]; i < order.update_offsets[u + 1]; ++i) {
      updates.back().push_back(lengths[order.items[i]]);
    }
  }
  return updates;
}

void expect_every_item_once(const ItemOrder& order, std::size_t size) {
  std::vector<std::uint32_t> sorted = order.items;
  std::ranges::sort(sorted);
  std::vector<std::uint32_t> all(size);
  std::iota(all.begin(), all.end(), 0u);
  EXPECT_EQ(sorted, all);
}

TEST(ItemOrder, EveryItemComesOnceInUpdatesOfTheBatchSize) {
  const auto lengths = random_lengths(1003);
  for (const bool together : {false, true}) {
    const ItemOrder order = order_items(lengths, {.batch_size = 32, .like_lengths_together = together}, 7, 0);
    expect_every_item_once(order, lengths.size());
    const auto updates = updates_of(order, lengths);
    EXPECT_EQ(updates.size(), 32u);  // 31 of 32 and one of 11
    EXPECT_EQ(std::ranges::count_if(updates, [](const auto& update) { return update.size() == 32; }), 31);
  }
}

TEST(ItemOrder, ABudgetOfTokensIsNotExceededUnlessByOneItem) {
  auto lengths = random_lengths(500);
  lengths[17] = 900;
  const ItemOrder order = order_items(lengths, {.batch_tokens = 512}, 7, 0);
  expect_every_item_once(order, lengths.size());
  for (const auto& update : updates_of(order, lengths)) {
    if (update.size() == 1) continue;
    EXPECT_LE(std::accumulate(update.begin(), update.end(), std::int64_t{0}), 512);
  }
}

// The spread of lengths within an update, in tokens, averaged over the updates.
double mean_spread(const std::vector<std::vector<std::int64_t>>& updates) {
  double sum = 0;
  for (const auto& update : updates) {
    const auto [low, high] = std::ranges::minmax(update);
    sum += static_cast<double>(high - low);
  }
  return sum / static_cast<double>(updates.size());
}

TEST(ItemOrder, LikeLengthsComeTogether) {
  const auto lengths = random_lengths(3200);
  const auto together = updates_of(order_items(lengths, {.like_lengths_together = true}, 7, 0), lengths);
  const auto mixed = updates_of(order_items(lengths, {.like_lengths_together = false}, 7, 0), lengths);
  EXPECT_LT(mean_spread(together), 5);
  EXPECT_GT(mean_spread(mixed), 90);
  std::vector<std::int64_t> firsts;
  for (const auto& update : together) firsts.push_back(update.front());
  EXPECT_FALSE(std::ranges::is_sorted(firsts)) << "the updates are shuffled, not run from short to long";
}

TEST(ItemOrder, AnUpdateStandsByLength) {
  const auto lengths = random_lengths(320);
  for (const auto& update : updates_of(order_items(lengths, {}, 7, 0), lengths)) {
    EXPECT_TRUE(std::ranges::is_sorted(update));
  }
}

TEST(ItemOrder, DependsOnSeedAndEpochAlone) {
  const auto lengths = random_lengths(300);
  const ItemOrder order = order_items(lengths, {}, 7, 2);
  EXPECT_EQ(order.items, order_items(lengths, {}, 7, 2).items);
  EXPECT_NE(order.items, order_items(lengths, {}, 7, 3).items);
  EXPECT_NE(order.items, order_items(lengths, {}, 8, 2).items);
}

TEST(ItemOrder, CompanionsChangeFromEpochToEpoch) {
  const auto lengths = random_lengths(3200);
  const auto companions = [&](std::uint64_t epoch) {
    const ItemOrder order = order_items(lengths, {.like_lengths_together = true}, 7, epoch);
    std::vector<std::uint32_t> first(order.items.begin(), order.items.begin() + 32);
    std::ranges::sort(first);
    return first;
  };
  EXPECT_NE(companions(0), companions(1));
}

TEST(CountUpdates, CountsWholeAndBrokenEpochs) {
  const std::vector<std::int64_t> lengths(100, 10);
  EXPECT_EQ(count_updates(lengths, {.batch_size = 32}, 1, 3), 12);
  EXPECT_EQ(count_updates(lengths, {.batch_size = 32}, 1, 0.5), 2);
  EXPECT_EQ(count_updates(lengths, {.batch_tokens = 100}, 1, 2), 20);
  EXPECT_EQ(count_updates(lengths, {.batch_tokens = 100}, 1, 1.5), 15);
}

}  // namespace
}  // namespace albert::train
