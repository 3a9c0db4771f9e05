#include "train/branch.h"

#include <map>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/link.h"
#include "base/log.h"
#include "checkpoint/manifest.h"
#include "checkpoint/store.h"
#include "config/node.h"
#include "optim/schedule.h"
#include "train/resume_check.h"

namespace albert::train {

checkpoint::TrainingCheckpoint open_trunk(const fs::path& path) {
  const fs::path folder = follow_link(path);
  if (checkpoint::read_state(folder)) return checkpoint::TrainingCheckpoint(folder);
  if (const auto latest = checkpoint::find_latest(path); latest && checkpoint::read_state(*latest))
    return checkpoint::TrainingCheckpoint(*latest);
  throw UsageError("{}: expected a run, or a checkpoint of one with the state of its training", path.string());
}

bool check_branch(const checkpoint::TrainingCheckpoint& trunk, const TrainingConfig& config,
                  const std::string& run_yaml, const checkpoint::TrainState& start, const Objective& objective) {
  const checkpoint::TrainState& state = trunk.state();
  const std::string name = trunk.folder().string();
  if (state.step >= config.train.steps) {
    throw UsageError("train.steps is {}, but {} is at step {}, from which the steps are counted: expected more",
                     config.train.steps, name, state.step);
  }
  const auto of_training = [](std::map<std::string, std::string> fingerprints) {
    fingerprints.erase(kEvaluationData);
    return fingerprints;
  };
  const auto had = of_training(state.fingerprints), has_now = of_training(start.fingerprints);
  const auto tokenizer_of = [](const std::map<std::string, std::string>& fingerprints) {
    const auto found = fingerprints.find("tokenizer");
    return found == fingerprints.end() ? std::string() : found->second;
  };
  if (tokenizer_of(had) != tokenizer_of(has_now)) {
    throw UsageError("{} was trained with another tokenizer than the corpus was encoded with: its words are others",
                     name);
  }
  const config::Node before = config::parse_text(trunk.run_yaml(), {trunk.folder() / "run.yaml", 1, ""});
  const bool makes_same_examples = check_branch_settings(before, config::parse_text(run_yaml, {}));
  const auto depth = [](const std::string& model) {
    return read_json(model).value("num_hidden_layers", std::int64_t{0});
  };
  const std::int64_t has = depth(read_file(trunk.folder() / checkpoint::kConfigFile)),
                     expected = depth(objective.model(state.step).config_json);
  if (has != expected) {
    throw UsageError("{} has {} layers at step {}, but train.depth_schedule says {}: its shares are of train.steps",
                     name, has, state.step, expected);
  }
  const optim::Schedule schedule(config.schedule, config.optimizer.learning_rate, config.train.length());
  if (config.schedule.decay != optim::Decay::kConstant && schedule.decay_start() < state.step) {
    log_warning(
        "the learning rate decays from update {} on, which is before this branch begins, at {}: it begins at {:g}",
        schedule.decay_start() + 1, state.step + 1, schedule.at(state.step));
  }
  return makes_same_examples && state.seed == start.seed && had == has_now;
}

}  // namespace albert::train
