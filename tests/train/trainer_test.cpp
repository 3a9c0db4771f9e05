#include "train/trainer.h"

#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/alone.h"
#include "train/fake_objective.h"

namespace albert::train {
namespace {

using testing::FakeObjective;

/// A trainer with all that it needs.
struct Rig {
  explicit Rig(LoaderOptions options, const TrainState& state = {})
      : loader(task, options,
               {static_cast<std::uint64_t>(state.epoch), static_cast<std::uint64_t>(state.index_in_epoch)}),
        trainer(task, optimizer, optim::Schedule({.warmup_steps = 2}, 0.1, 20), course, loader,
                albert::testing::alone(), {}, state) {}

  static optim::OptimizerConfig settings() { return {.name = optim::Rule::kAdamW, .learning_rate = 0.1}; }

  FakeObjective task;
  parallel::DistributedOptimizer optimizer{settings(), {{"weight", task.weight()}}, albert::testing::alone(), false};
  Course course{20};
  Loader loader;
  Trainer trainer;
};

TEST(Trainer, Learns) {
  Rig rig({.batch_size = 4, .micro_batch_size = 4});
  const double first = rig.trainer.step().loss;
  double last = 0;
  for (int i = 1; i < 20; ++i) last = rig.trainer.step().loss;
  EXPECT_LT(last, 0.3 * first);
}

TEST(Trainer, MicroBatchesAddUpToTheLargeBatch) {
  Rig large({.batch_size = 8, .micro_batch_size = 8});
  Rig small({.batch_size = 8, .micro_batch_size = 3});
  for (int i = 0; i < 10; ++i) {
    const StepReport a = large.trainer.step();
    const StepReport b = small.trainer.step();
    EXPECT_NEAR(a.loss, b.loss, 1e-5 * a.loss);
    EXPECT_NEAR(a.gradient_norm, b.gradient_norm, 1e-5 * a.gradient_norm);
  }
  EXPECT_TRUE(at::allclose(large.task.weight(), small.task.weight(), 1e-5, 1e-6));
}

TEST(Trainer, ReportsTheLossOfItsSums) {
  Rig rig({.batch_size = 5, .micro_batch_size = 2});
  const StepReport report = rig.trainer.step();
  EXPECT_NEAR(report.loss, rig.task.figures(report.sums)[0].second, 1e-6);
  EXPECT_EQ(report.learning_rate, 0);  // Google's warm-up begins at zero
  EXPECT_DOUBLE_EQ(report.epoch, 0.5);
}

TEST(Trainer, GoesOnAsIfItHadNeverStopped) {
  const LoaderOptions options{.batch_size = 4, .micro_batch_size = 3, .num_threads = 2};
  Rig whole(options);
  Rig first(options);
  for (int i = 0; i < 12; ++i) whole.trainer.step();
  for (int i = 0; i < 7; ++i) first.trainer.step();

  Rig second({.batch_size = 4, .micro_batch_size = 3, .num_threads = 0}, first.trainer.state());
  second.task.weight().detach().copy_(first.task.weight().detach());
  second.optimizer.load_state(first.optimizer.state());
  for (int i = 7; i < 12; ++i) second.trainer.step();
  EXPECT_TRUE(at::equal(whole.task.weight(), second.task.weight()));
  EXPECT_EQ(whole.trainer.state().examples_seen, second.trainer.state().examples_seen);
  EXPECT_EQ(whole.trainer.state().index_in_epoch, second.trainer.state().index_in_epoch);
}

TEST(Trainer, StopsBeforeAnUpdateThatIsNotFinite) {
  Rig rig({.batch_size = 4, .micro_batch_size = 4});
  rig.trainer.step();
  rig.trainer.step();
  const at::Tensor before = rig.task.weight().detach().clone();
  rig.task.poison();
  try {
    rig.trainer.step();
    ADD_FAILURE();
  } catch (const NumericalError& error) {
    EXPECT_THAT(error.what(), ::testing::AllOf(::testing::HasSubstr("step 3:"), ::testing::HasSubstr("loss nan"),
                                               ::testing::HasSubstr("after step 2 they were: loss")));
  }
  EXPECT_TRUE(at::equal(rig.task.weight(), before));
  EXPECT_EQ(rig.trainer.state().step, 2);
}

}  // namespace
}  // namespace albert::train
