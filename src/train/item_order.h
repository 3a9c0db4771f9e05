#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace albert::train {

/// How the examples of an epoch are put into updates.
struct BatchPlan {
  std::int64_t batch_size = 32;   ///< examples of an update, where batch_tokens is 0
  std::int64_t batch_tokens = 0;  ///< tokens of an update at most (one example may have more); 0: batch_size counts
  bool like_lengths_together = false;  ///< fill each update with examples of about the same length
};

/// The order of one epoch: a function of seed, epoch, lengths and plan alone.
struct ItemOrder {
  std::vector<std::uint32_t> items;           ///< every index once
  std::vector<std::uint64_t> update_offsets;  ///< where each update begins in `items`, and items.size() at the end

  /// Examples of the update that begins at `first`, one of update_offsets.
  std::int64_t update_size(std::uint64_t first) const;
};

/// Shuffles the examples and cuts them into updates; within an update they stand by length, so that those of like
/// length go through the model together.
///
/// With like_lengths_together it sorts stretches of kStretch updates by length before it cuts, and shuffles the
/// updates: then the updates themselves are of like lengths. Nothing is padded here, so that buys no speed, but updates
/// that take even time and memory; and it costs accuracy where length tells something of the class, since an update
/// then holds one class more than others.
/// \param lengths [N] tokens of each example
ItemOrder order_items(std::span<const std::int64_t> lengths, const BatchPlan& plan, std::uint64_t seed,
                      std::uint64_t epoch);

/// Updates of `epochs` passes: what a run of so many epochs counts as steps. The last, broken one counts its share.
std::int64_t count_updates(std::span<const std::int64_t> lengths, const BatchPlan& plan, std::uint64_t seed,
                           double epochs);

}  // namespace albert::train
