#include "train/loader.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "train/fake_task.h"

namespace albert::train {
namespace {

using testing::FakeTask;
using Examples = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

Examples examples_of(const UpdateBatch& update) {
  Examples examples;
  for (const auto& micro_batch : update.micro_batches) {
    const auto& batch = static_cast<const FakeTask::Batch&>(*micro_batch);
    examples.insert(examples.end(), batch.examples.begin(), batch.examples.end());
  }
  return examples;
}

TEST(Loader, AnUpdateGoesOnIntoTheNextEpoch) {
  const FakeTask task(5);
  Loader loader(task, {.batch_size = 4, .micro_batch_size = 3}, {});
  EXPECT_EQ(examples_of(loader.next()), (Examples{{0, 0}, {0, 1}, {0, 2}, {0, 3}}));
  const UpdateBatch second = loader.next();
  EXPECT_EQ(examples_of(second), (Examples{{0, 4}, {1, 0}, {1, 1}, {1, 2}}));
  EXPECT_EQ(second.end, (DataPosition{1, 3}));
  EXPECT_EQ(second.num_sequences, 4);
  EXPECT_EQ(second.num_targets, tasks::TargetCounts{2 + 1 + 2 + 3});
  EXPECT_EQ(static_cast<const FakeTask::Batch&>(*second.micro_batches[1]).first_number, 1);
}

TEST(Loader, AnUpdateMayBeLargerThanAnEpoch) {
  const FakeTask task(3);
  Loader loader(task, {.batch_size = 8, .micro_batch_size = 8}, {});
  EXPECT_EQ(examples_of(loader.next()), (Examples{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {2, 0}, {2, 1}}));
}

TEST(Loader, TheNumberOfThreadsChangesNothing) {
  const FakeTask task(7);
  Loader reference(task, {.batch_size = 5, .micro_batch_size = 2, .num_threads = 0}, {});
  Loader threaded(task, {.batch_size = 5, .micro_batch_size = 2, .num_threads = 3}, {});
  for (int i = 0; i < 50; ++i) EXPECT_EQ(examples_of(reference.next()), examples_of(threaded.next()));
}

TEST(Loader, ContinuesWhereAnUpdateEnded) {
  const FakeTask task(7);
  Loader whole(task, {.batch_size = 5, .micro_batch_size = 2}, {});
  for (int i = 0; i < 10; ++i) {
    Loader resumed(task, {.batch_size = 5, .micro_batch_size = 2}, whole.next().end);
    Loader copy(task, {.batch_size = 5, .micro_batch_size = 2}, {});
    for (int j = 0; j <= i; ++j) copy.next();
    EXPECT_EQ(examples_of(resumed.next()), examples_of(copy.next()));
  }
}

TEST(Loader, RefusesEmptyEpochs) {
  const FakeTask task(0);
  Loader loader(task, {.batch_size = 1, .micro_batch_size = 1}, {});
  EXPECT_THROW(loader.next(), DataError);
}

}  // namespace
}  // namespace albert::train
