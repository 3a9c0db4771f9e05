#include "train/loader.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.h"

namespace albert::train {
namespace {

std::int64_t tokens_of(std::uint64_t index) {
  return 10 + static_cast<std::int64_t>(index * index % 37);
}

/// Epochs of a fixed size, whose example i has 1 + i % 3 targets.
class FakeExamples : public BatchSource {
 public:
  explicit FakeExamples(std::uint64_t epoch_size) : epoch_size_(epoch_size) {}
  /// From this update on, examples are made in another way, and updates are of this size.
  void grow_at(std::int64_t step, UpdateSize size) { grows_at_ = step, grown_ = size; }

  struct Batch : MicroBatch {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> examples;  // epoch, index
    std::int64_t first_number = 0;
    std::int64_t step = 0;
  };

  std::shared_ptr<const BatchEpoch> epoch(std::uint64_t number, std::int64_t /*step*/) const override {
    return std::make_shared<FakeEpoch>(number, epoch_size_, num_made_);
  }
  bool changes_examples(std::int64_t step) const override { return step == grows_at_; }
  std::optional<UpdateSize> size_of_update(std::int64_t step) const override {
    return step < grows_at_ ? std::nullopt : std::optional(grown_);
  }
  /// Counts the micro-batches that are made.
  void count_made(std::atomic<int>& num_made) { num_made_ = &num_made; }

 private:
  class FakeEpoch : public BatchEpoch {
   public:
    FakeEpoch(std::uint64_t number, std::uint64_t size, std::atomic<int>* num_made)
        : number_(number), size_(size), num_made_(num_made) {}
    std::uint64_t size() const override { return size_; }
    std::int64_t num_tokens(std::uint64_t index) const override { return tokens_of(index); }
    std::unique_ptr<MicroBatch> make(std::uint64_t first, std::int64_t count, std::int64_t first_number,
                                     std::int64_t step) const override {
      auto batch = std::make_unique<Batch>();
      if (num_made_ != nullptr) ++*num_made_;
      batch->first_number = first_number;
      batch->step = step;
      batch->num_sequences = count;
      batch->num_targets = {0};
      for (std::uint64_t i = first; i < first + static_cast<std::uint64_t>(count); ++i) {
        batch->examples.emplace_back(number_, i);
        batch->num_targets[0] += static_cast<double>(1 + i % 3);
        batch->num_tokens += tokens_of(i);
      }
      return batch;
    }

   private:
    std::uint64_t number_;
    std::uint64_t size_;
    std::atomic<int>* num_made_;
  };

  std::uint64_t epoch_size_;
  std::int64_t grows_at_ = std::numeric_limits<std::int64_t>::max();
  UpdateSize grown_;
  std::atomic<int>* num_made_ = nullptr;
};

using Examples = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

Examples examples_of(const UpdateBatch& update) {
  Examples examples;
  for (const auto& micro_batch : update.micro_batches) {
    const auto& batch = static_cast<const FakeExamples::Batch&>(*micro_batch);
    examples.insert(examples.end(), batch.examples.begin(), batch.examples.end());
  }
  return examples;
}

TEST(Loader, AnUpdateGoesOnIntoTheNextEpoch) {
  const FakeExamples source(5);
  Loader loader(source, {.batch_size = 4, .micro_batch_size = 3}, {});
  EXPECT_EQ(examples_of(loader.next()), (Examples{{0, 0}, {0, 1}, {0, 2}, {0, 3}}));
  const UpdateBatch second = loader.next();
  EXPECT_EQ(examples_of(second), (Examples{{0, 4}, {1, 0}, {1, 1}, {1, 2}}));
  EXPECT_EQ(second.end, (DataPosition{1, 3}));
  EXPECT_EQ(second.num_sequences, 4);
  EXPECT_EQ(second.num_targets, TargetCounts{2 + 1 + 2 + 3});
  EXPECT_EQ(static_cast<const FakeExamples::Batch&>(*second.micro_batches[1]).first_number, 1);
}

TEST(Loader, AnUpdateMayBeLargerThanAnEpoch) {
  const FakeExamples source(3);
  Loader loader(source, {.batch_size = 8, .micro_batch_size = 8}, {});
  EXPECT_EQ(examples_of(loader.next()), (Examples{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {2, 0}, {2, 1}}));
}

TEST(Loader, TheNumberOfThreadsChangesNothing) {
  const FakeExamples source(7);
  Loader reference(source, {.batch_size = 5, .micro_batch_size = 2, .num_threads = 0}, {});
  Loader threaded(source, {.batch_size = 5, .micro_batch_size = 2, .num_threads = 3}, {});
  for (int i = 0; i < 50; ++i) EXPECT_EQ(examples_of(reference.next()), examples_of(threaded.next()));
}

TEST(Loader, ContinuesWhereAnUpdateEnded) {
  const FakeExamples source(7);
  Loader whole(source, {.batch_size = 5, .micro_batch_size = 2}, {});
  for (int i = 0; i < 10; ++i) {
    Loader resumed(source, {.batch_size = 5, .micro_batch_size = 2}, whole.next().end);
    Loader copy(source, {.batch_size = 5, .micro_batch_size = 2}, {});
    for (int j = 0; j <= i; ++j) copy.next();
    EXPECT_EQ(examples_of(resumed.next()), examples_of(copy.next()));
  }
}

TEST(Loader, RanksShareWhatOneRankWouldHave) {
  const FakeExamples source(41);
  for (std::int64_t num_ranks = 1; num_ranks <= 5; ++num_ranks) {
    Loader whole(source, {.batch_size = 24, .micro_batch_size = 24}, {});
    std::vector<std::unique_ptr<Loader>> shares;
    for (std::int64_t rank = 0; rank < num_ranks; ++rank) {
      shares.push_back(std::make_unique<Loader>(
          source, LoaderOptions{.batch_size = 24, .micro_batch_size = 4, .rank = rank, .num_ranks = num_ranks},
          DataPosition{}));
    }
    for (int i = 0; i < 10; ++i) {
      const UpdateBatch expected = whole.next();
      Examples together;
      TargetCounts num_targets = {0};
      std::int64_t num_tokens = 0, most = 0;
      for (const auto& share : shares) {
        const UpdateBatch update = share->next();
        EXPECT_EQ(update.end, expected.end);
        EXPECT_EQ(update.epoch_size, expected.epoch_size);
        EXPECT_EQ(update.num_sequences, expected.num_sequences);
        const auto& first = static_cast<const FakeExamples::Batch&>(*update.micro_batches.front());
        EXPECT_EQ(first.first_number, std::ssize(together)) << "dropout is drawn by the number in the update";
        for (const auto& pair : examples_of(update)) together.push_back(pair);
        num_targets[0] += update.num_targets[0];
        num_tokens += update.num_tokens;
        most = std::max(most, update.num_tokens);
      }
      EXPECT_EQ(together, examples_of(expected));
      EXPECT_EQ(num_targets, expected.num_targets);
      EXPECT_EQ(num_tokens, expected.num_tokens);
      EXPECT_LE(most, num_tokens / num_ranks + 46) << "by tokens, to within an example";
    }
  }
}

TEST(Loader, ARankMayHaveNothingOfASmallUpdate) {
  const FakeExamples source(41);
  Examples together;
  for (std::int64_t rank = 0; rank < 5; ++rank) {
    Loader loader(source, {.batch_size = 2, .micro_batch_size = 4, .rank = rank, .num_ranks = 5}, {});
    const UpdateBatch update = loader.next();
    EXPECT_EQ(update.end, (DataPosition{0, 2}));
    EXPECT_EQ(update.num_sequences, 2);
    for (const auto& pair : examples_of(update)) together.push_back(pair);
  }
  EXPECT_EQ(together, (Examples{{0, 0}, {0, 1}}));
}

TEST(Loader, OtherExamplesBeginAnEpochAndUpdatesGrow) {
  FakeExamples source(7);
  source.grow_at(2, {.batch = 4, .micro_batch = 2});
  const LoaderOptions options{.batch_size = 3, .micro_batch_size = 3};
  Loader loader(source, options, {});
  std::vector<UpdateBatch> updates;
  for (int i = 0; i < 4; ++i) updates.push_back(loader.next());
  EXPECT_EQ(examples_of(updates[1]), (Examples{{0, 3}, {0, 4}, {0, 5}}));
  EXPECT_EQ(examples_of(updates[2]), (Examples{{1, 0}, {1, 1}, {1, 2}, {1, 3}}));
  EXPECT_EQ(updates[2].micro_batches.size(), 2U);
  EXPECT_EQ(examples_of(updates[3]), (Examples{{1, 4}, {1, 5}, {1, 6}, {2, 0}}));
  for (std::int64_t step = 0; step < 4; ++step) {
    for (const auto& part : updates[static_cast<std::size_t>(step)].micro_batches)
      EXPECT_EQ(static_cast<const FakeExamples::Batch&>(*part).step, step);
    if (step == 3) continue;
    LoaderOptions later = options;
    later.first_step = step + 1;
    Loader resumed(source, later, updates[static_cast<std::size_t>(step)].end);
    EXPECT_EQ(examples_of(resumed.next()), examples_of(updates[static_cast<std::size_t>(step) + 1])) << step;
  }
}

TEST(Loader, MakesAFewUpdatesAheadWhateverTheNumberOfRanks) {
  for (const std::int64_t num_ranks : {1, 8}) {
    FakeExamples source(1000);
    std::atomic<int> num_made = 0;
    source.count_made(num_made);
    constexpr std::int64_t kPerUpdate = 64;  // micro-batches, of all ranks
    const LoaderOptions options{
        .batch_size = kPerUpdate, .micro_batch_size = 1, .num_threads = 1, .num_ranks = num_ranks};
    Loader loader(source, options, {});
    loader.next();
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    EXPECT_LE(num_made, 4 * kPerUpdate / num_ranks) << num_ranks;
  }
}

TEST(Loader, RefusesEmptyEpochs) {
  const FakeExamples source(0);
  Loader loader(source, {.batch_size = 1, .micro_batch_size = 1}, {});
  EXPECT_THROW(loader.next(), DataError);
}

}  // namespace
}  // namespace albert::train
