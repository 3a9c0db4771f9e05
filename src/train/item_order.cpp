#include "train/item_order.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.h"

namespace albert::train {

namespace {

/// Updates whose examples are sorted together: enough that an update's lengths lie close, few enough that epochs
/// differ.
constexpr std::size_t kStretch = 50;

/// What the random numbers are for.
enum Purpose : std::uint64_t { kItems = 0x1001, kUpdates = 0x1002 };

using Range = std::pair<std::uint64_t, std::uint64_t>;

std::vector<std::uint32_t> shuffled(std::size_t size, std::uint64_t key) {
  const Permutation permutation(key, size);
  std::vector<std::uint32_t> order(size);
  for (std::size_t i = 0; i < size; ++i) order[i] = static_cast<std::uint32_t>(permutation(i));
  return order;
}

/// Where the stretch that begins at `begin` ends: after about kStretch updates.
std::size_t stretch_end(std::span<const std::uint32_t> items, std::span<const std::int64_t> lengths,
                        const BatchPlan& plan, std::size_t begin) {
  if (plan.batch_tokens == 0) {
    return std::min(items.size(), begin + kStretch * static_cast<std::size_t>(plan.batch_size));
  }
  std::int64_t left = static_cast<std::int64_t>(kStretch) * plan.batch_tokens;
  std::size_t end = begin;
  while (end < items.size() && left > 0) left -= lengths[items[end++]];
  return end;
}

void sort_by_length(std::span<std::uint32_t> items, std::span<const std::int64_t> lengths) {
  std::ranges::stable_sort(items, std::ranges::less(), [&](std::uint32_t item) { return lengths[item]; });
}

void sort_stretches(std::vector<std::uint32_t>& items, std::span<const std::int64_t> lengths, const BatchPlan& plan) {
  for (std::size_t begin = 0; begin < items.size();) {
    const std::size_t end = stretch_end(items, lengths, plan, begin);
    sort_by_length(std::span(items).subspan(begin, end - begin), lengths);
    begin = end;
  }
}

std::vector<Range> cut(std::span<const std::uint32_t> items, std::span<const std::int64_t> lengths,
                       const BatchPlan& plan) {
  std::vector<Range> updates;
  std::uint64_t begin = 0;
  std::int64_t tokens = 0;
  for (std::uint64_t i = 0; i < items.size(); ++i) {
    const std::int64_t length = lengths[items[i]];
    const bool full = plan.batch_tokens > 0 ? tokens + length > plan.batch_tokens
                                            : i - begin == static_cast<std::uint64_t>(plan.batch_size);
    if (full && i > begin) {
      updates.emplace_back(begin, i);
      begin = i;
      tokens = 0;
    }
    tokens += length;
  }
  if (begin < items.size()) updates.emplace_back(begin, items.size());
  return updates;
}

}  // namespace

std::int64_t ItemOrder::update_size(std::uint64_t first) const {
  const auto end = std::ranges::upper_bound(update_offsets, first);
  return static_cast<std::int64_t>(*end - first);
}

ItemOrder order_items(std::span<const std::int64_t> lengths, const BatchPlan& plan, std::uint64_t seed,
                      std::uint64_t epoch) {
  std::vector<std::uint32_t> items = shuffled(lengths.size(), random_key(seed, {kItems, epoch}));
  if (plan.like_lengths_together) sort_stretches(items, lengths, plan);
  const std::vector<Range> updates = cut(items, lengths, plan);
  ItemOrder order;
  order.items.reserve(items.size());
  order.update_offsets.push_back(0);
  for (const std::uint32_t update : shuffled(updates.size(), random_key(seed, {kUpdates, epoch}))) {
    const auto [begin, end] = updates[update];
    order.items.insert(order.items.end(), items.begin() + static_cast<std::ptrdiff_t>(begin),
                       items.begin() + static_cast<std::ptrdiff_t>(end));
    sort_by_length(std::span(order.items).subspan(order.update_offsets.back()), lengths);
    order.update_offsets.push_back(order.items.size());
  }
  return order;
}

std::int64_t count_updates(std::span<const std::int64_t> lengths, const BatchPlan& plan, std::uint64_t seed,
                           double epochs) {
  const auto of_epoch = [&](std::uint64_t epoch) {
    return static_cast<double>(order_items(lengths, plan, seed, epoch).update_offsets.size() - 1);
  };
  if (plan.batch_tokens == 0) return static_cast<std::int64_t>(std::ceil(of_epoch(0) * epochs));
  const auto whole = static_cast<std::uint64_t>(epochs);
  double updates = (epochs - static_cast<double>(whole)) * of_epoch(whole);
  for (std::uint64_t epoch = 0; epoch < whole; ++epoch) updates += of_epoch(epoch);
  return static_cast<std::int64_t>(std::ceil(updates));
}

}  // namespace albert::train
