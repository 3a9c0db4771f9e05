#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "model/item.h"
#include "serve/compute_pool.h"
#include "tasks/task.h"

namespace albert::serve {

struct BatchOptions {
  std::int64_t max_tokens = 16384;  ///< that go through the model together; an item is never split
  /// So long a batch that is not full waits for more requests.
  std::chrono::milliseconds max_wait = std::chrono::milliseconds(0);
};

/// How a request left the batcher.
enum class Outcome {
  kScored,     ///< all of its items have their scores
  kAbandoned,  ///< nobody waits for it any more
  kLate,       ///< its deadline came before all were computed
  kFailed,     ///< the model threw
};

/// What became of a request, and how long it took.
struct BatchReport {
  Outcome outcome = Outcome::kScored;
  std::exception_ptr failure = {};              ///< of kFailed
  std::chrono::duration<double> queued = {};    ///< until its first items were taken
  std::chrono::duration<double> computed = {};  ///< from then until its last scores were there
};

/// Some items of one client.
struct BatchRequest {
  std::shared_ptr<tasks::ItemSet> items;  ///< at least one
  Clock::time_point deadline = Clock::time_point::max();
  std::shared_ptr<const std::atomic<bool>> is_abandoned = {};  ///< null: it never is
  /// Called once, by a thread of the pool; should hand the work on, as all wait for it.
  std::function<void(BatchReport report)> done;
};

/// A batch that went through the model, for statistics.
struct BatchSize {
  std::size_t num_items = 0;
  std::int64_t num_tokens = 0;
};

/// Those of all items.
std::int64_t count_tokens(const tasks::ItemSet& items);

/// Puts the items of all clients together as they come: while the pool computes, the next batches gather. A request of
/// many items does not hold up those that come after it: every batch has a share of each request that waits, the oldest
/// first, and is then filled up in their order.
class Batcher final : public WorkSource {
 public:
  using Take = std::function<void(std::size_t index, std::span<const float> scores)>;
  /// Lets items go through a model together. Several threads of the pool may call it at the same time.
  using Score = std::function<void(std::span<const model::Item* const> items, const Take& take)>;

  /// \param pool computes, and outlives the object
  Batcher(ComputePool& pool, BatchOptions options, Score score, std::function<void(BatchSize)> on_batch = {});
  ~Batcher() override;  ///< stops
  Batcher(const Batcher&) = delete;
  Batcher& operator=(const Batcher&) = delete;

  void submit(BatchRequest request);
  /// Returns once the batches are computed that are under way; requests that wait are kAbandoned, and so are later ones.
  void stop();
  std::size_t num_waiting() const;  ///< requests with items that no batch has taken

  std::optional<Waiting> waiting() const override;
  Piece take(std::int64_t enough) override;

 private:
  /// A request with what has become of its items.
  struct Entry {
    BatchRequest request;
    Clock::time_point submitted;
    // Of the batcher's mutex:
    std::optional<Clock::time_point> taken = {};
    std::size_t num_taken = 0;  ///< items that batches have taken
    std::int64_t num_left = 0;  ///< tokens of the others
    // Of its own, as several batches may have items of it:
    std::mutex mutex = {};
    std::size_t num_scored = 0;  ///< of the items that are taken
  };
  struct BatchItem {
    std::shared_ptr<Entry> entry;
    std::size_t index;
  };

  std::vector<std::shared_ptr<Entry>> take_out_dead();
  std::vector<BatchItem> take_batch(std::int64_t enough, std::int64_t& num_tokens);
  bool take_item(const std::shared_ptr<Entry>& entry, std::int64_t enough, std::int64_t& num_tokens,
                 std::vector<BatchItem>& batch) const;
  void compute(std::span<const BatchItem> batch);
  void score(std::span<const BatchItem> batch);
  void fail(std::span<const BatchItem> batch, const std::exception_ptr& failure);
  static void finish(Entry& entry, Outcome outcome, std::exception_ptr failure = {});

  ComputePool& pool_;
  BatchOptions options_;
  Score score_;
  std::function<void(BatchSize)> on_batch_;
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<Entry>> waiting_;  ///< those with items that no batch has taken, the oldest first
  bool is_stopping_ = false;
};

}  // namespace albert::serve
