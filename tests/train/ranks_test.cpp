#include "support/ranks.h"

#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "model/initialize.h"
#include "support/fake_tokenizer.h"
#include "support/small_model.h"
#include "support/temporary_folder.h"
#include "train/fake_data_set.h"
#include "train/fake_objective.h"
#include "train/finetuning_objective.h"
#include "train/training_run.h"

/// What a training of several ranks does beside that of one, with ranks in processes of their own.
namespace albert::train {
namespace {

using albert::testing::as_ranks;
using parallel::Group;
using testing::FakeObjective;

constexpr int kUsage = static_cast<int>(ExitCode::kUsage), kNumerical = static_cast<int>(ExitCode::kNumerical);

TrainingConfig settings(std::int64_t num_steps) {
  TrainingConfig config = testing::small_training(num_steps);
  config.evaluate.every = 0;
  config.checkpoint.every = 100;
  return config;
}

/// A run of one rank, of which the first one writes.
struct Rig {
  Rig(const fs::path& path, TrainingConfig config, Group& group, const std::string& version = "1")
      : ranks(group),
        opened({.config = {}, .assignments = {}, .run_dir = path},
               {.line = "albert again", .weights_option = "--init-from", .version = version}, group.is_first()),
        config_(std::move(config)),
        version_(version) {}

  RunResult train() {
    Course course(config_.train.length());
    return TrainingRun(opened, task, ranks, config_, {.version = version_, .run_yaml = "a: 1\n", .course = course},
                       [] {})
        .train();
  }
  /// Whether all ranks have a text in common.
  bool is_common(const std::string& text) {
    for (const std::string& other : ranks.gather(text)) {
      if (other != text) return false;
    }
    return true;
  }

  Group& ranks;
  FakeObjective task;
  Run opened;

 private:
  TrainingConfig config_;
  std::string version_;
};

TEST(TrainingRanks, ASignalThatComesInAnUpdateStopsAllBehindIt) {
  const albert::testing::TemporaryFolder folder;
  as_ranks([&](Group& group) {
    Rig rig(folder / "run", settings(1000), group);
    if (group.rank() == 1) rig.task.raise_after(2, SIGUSR1);
    const RunResult result = rig.train();
    return result.signal == SIGUSR1 && result.step == 3;
  });
  EXPECT_EQ(fs::read_symlink(folder / "run/checkpoints/latest"), "step-00000003");
}

/// The moments of all parameters travel while rank 0 saves.
TEST(TrainingRanks, ASignalBeforeAnEvaluationSavesASharedOutOptimizer) {
  const albert::testing::TemporaryFolder folder;
  as_ranks([&](Group& group) {
    TrainingConfig config = settings(1000);
    config.parallel.shard_optimizer = true;
    config.evaluate.every = 3;
    Rig rig(folder / "run", config, group);
    if (group.rank() == 1) rig.task.raise_after(2, SIGUSR1);
    bool is_saved = false;
    rig.task.act_in_evaluation([&] { is_saved = fs::exists(folder / "run/checkpoints/latest"); });
    const RunResult result = rig.train();
    return result.signal == SIGUSR1 && result.step == 3 && result.evaluated_step == 3 &&
           (is_saved || !group.is_first());
  });
}

TEST(TrainingRanks, ASignalInAnEvaluationStopsAllBehindIt) {
  const albert::testing::TemporaryFolder folder;
  as_ranks([&](Group& group) {
    TrainingConfig config = settings(1000);
    config.evaluate.every = 3;
    Rig rig(folder / "run", config, group);
    if (group.rank() == 2) rig.task.act_in_evaluation([] { std::raise(SIGUSR1); });
    return rig.train().step == 3;
  });
}

TEST(TrainingRanks, GoByWhatTheFirstOneFindsInEvaluations) {
  const albert::testing::TemporaryFolder folder;
  as_ranks([&](Group& group) {
    TrainingConfig config = settings(40);
    config.evaluate.every = 2;
    config.evaluate.patience = 2;
    config.optimizer.learning_rate = 0;  // all evaluations are equal, but for what is added here
    Rig rig(folder / "run", config, group);
    int number = 0;
    rig.task.act_in_evaluation([&] { rig.task.round_evaluations_up(1e-9 * group.rank() * ++number); });
    const RunResult result = rig.train();
    return result.is_complete && result.step == 6 &&
           rig.is_common(fmt::format("{:a} {}", result.best->value, result.best->since));
  });
}

TEST(TrainingRanks, ANumberThatIsNoneEndsAllWithTheAdvice) {
  const albert::testing::TemporaryFolder folder;
  as_ranks(
      [&](Group& group) {
        TrainingConfig config = settings(10);
        config.checkpoint.every = 2;
        Rig rig(folder / "run", config, group);
        rig.task.poison_after(3);
        try {
          rig.train();
        } catch (const NumericalError& error) {
          if (std::string(error.what()).find("--init-from") != std::string::npos) throw;
        }
        return false;
      },
      {.codes = {kNumerical, kNumerical, kNumerical}});
}

/// Refused by each of two ranks, of which one has got something else.
/// \param change what is done to it, before it trains
void expect_refused(int changed, const std::function<void(Rig&)>& change, const std::string& name,
                    const std::string& version = "1") {
  const albert::testing::TemporaryFolder folder;
  as_ranks(
      [&](Group& group) {
        const bool is_other = group.rank() == changed;
        Rig rig(folder / "run", settings(2), group, is_other ? version : "1");
        if (is_other) change(rig);
        try {
          rig.train();
        } catch (const UsageError& error) {
          group.gather("both know");  // or the one that is faster ends the other
          const std::string message = error.what();
          if (message.find("has another " + name + " than rank 0") != std::string::npos) return true;
          std::fprintf(stderr, "%s\n", message.c_str());
        }
        return false;
      },
      {.size = 2});
}

TEST(TrainingRanks, NameTheOneThatDiffers) {
  expect_refused(
      1, [](Rig&) {}, "program (--version)", "2");
  const auto take = [](std::string evaluation_data) {
    return [data = std::move(evaluation_data)](Rig& rig) { rig.task = FakeObjective(10, data); };
  };
  expect_refused(1, take("other"), kEvaluationData);
  expect_refused(1, take(""), kEvaluationData);
  expect_refused(0, take(""), kEvaluationData);
  const auto configure = [](Rig& rig) { rig.task.set_config(R"({"model_type": "fake", "layers": 3})"); };
  expect_refused(0, configure, "model (layers)");
  expect_refused(1, configure, "model (layers)");
}

/// A set so small that one rank computes it all.
TEST(TrainingRanks, AllFindThatScoresAreNoNumbers) {
  as_ranks(
      [](Group& group) {
        const model::AlbertConfig config = albert::testing::make_model()->config();
        const auto classifier = model::make_task_model(config, {}, {});
        const at::NoGradGuard no_gradients;
        for (const at::Tensor& parameter : classifier->parameters()) parameter.fill_(std::nan(""));
        FinetuningObjective task(classifier, std::make_shared<testing::FakeTask>(),
                                 std::make_shared<testing::FakeDataSet>(testing::make_items(8)),
                                 {{"", std::make_shared<testing::FakeDataSet>(testing::make_items(8))}},
                                 std::make_shared<albert::testing::FakeTokenizer>(), {});
        task.evaluate(group, 0);
        return false;
      },
      {.codes = {kNumerical, kNumerical, kNumerical}});
}

}  // namespace
}  // namespace albert::train
