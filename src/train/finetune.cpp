#include "train/finetune.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/log.h"
#include "inference/evaluate.h"
#include "inference/open_model.h"
#include "tasks/class_weights.h"
#include "tasks/common/unknown_tokens.h"
#include "tasks/definition_json.h"
#include "train/finetune_config.h"
#include "train/finetuning_objective.h"
#include "train/starting_model.h"

namespace albert::train {

namespace {

RunCommand command_of(const FinetuneOptions& options, const std::string& version) {
  const std::string weights_option = "--model";
  return {options.run.command_line("finetune",
                                   {{weights_option, options.model.string()},
                                    {"--data", options.data.string()},
                                    {"--seeds", options.num_seeds > 1 ? std::to_string(options.num_seeds) : ""}}),
          weights_option, version};
}

WrittenFinetuneConfig read_config(const FinetuneOptions& options, const RunOptions& run) {
  std::vector<std::string> assignments = run.assignments;
  if (!options.model.empty()) assignments.push_back("model.path=" + options.model.string());
  if (!options.data.empty()) assignments.push_back("data.path=" + options.data.string());
  WrittenFinetuneConfig config = read_finetune_config(run.configuration(), assignments);
  if (config.values.model.path.empty()) throw UsageError("no model to start from is given; name one with --model");
  if (config.values.data.path.empty()) throw UsageError("no data set is given; name one with --data");
  return config;
}

/// Everything that a run of one seed is made of.
class FinetuningRun {
 public:
  FinetuningRun(const FinetuneOptions& options, const RunOptions& run, const std::string& version)
      : config_(read_config(options, run)),
        compute_(model::set_up_compute(training().train.compute)),
        start_(inference::open_model_folder(config_.values.model.path)),
        task_(tasks::make_task({config_.values.task, {}}, start_.tokenizer)) {
    check_length();
    read_data();
    run_.emplace(run, command_of(options, version));
  }

  RunResult train() {
    RunResult result = train_to_the_end();
    training_data_.reset();
    development_.clear();
    if (result.signal == 0 && !development_files_.empty()) take_final_figures(result);
    return result;
  }

 private:
  RunResult train_to_the_end() {
    const auto seed = static_cast<std::uint64_t>(training().train.seed);
    const auto albert = make_model(start_, config_.values.model, *task_, compute_, seed);
    FinetuningObjective objective(
        albert, task_, training_data_, development_, start_.tokenizer,
        {.seed = seed, .recompute = training().train.recompute, .batches = config_.values.batch_plan(), .loss = loss_});
    training().settle_length([&](double epochs) { return objective.count_updates(epochs); });
    TrainingRun training_run(
        *run_, objective, training(),
        {.loader_threads = static_cast<std::size_t>(config_.values.data.threads), .run_yaml = config_.to_yaml()},
        [&] { take_weights(start_, config_.values.model, *task_, *albert); });
    report_start(objective);
    return training_run.train();
  }

  /// Evaluates the model that the run ends with as `albert evaluate` will: in float32, with what is stored with it.
  void take_final_figures(RunResult& result) const {
    model::Compute compute = compute_;
    compute.precision = model::Precision::kFloat32;
    const auto opened = inference::open_task_model(run_->folder().path(), compute);
    Evaluation evaluation;
    evaluation.metric = task_->metric();
    for (const fs::path& file : development_files_) {
      const auto report = inference::evaluate_file(opened, file, tasks::Part::kDevelopment);
      for (const auto& [name, value] : report.judgement->figures) {
        evaluation.figures.emplace_back(prefix_of(file) + name, value);
      }
    }
    evaluation.value = metrics::find(evaluation.figures, evaluation.metric);
    result.evaluated_step = result.best ? result.best->step : result.step;
    log_info("step {}, held out, as `albert evaluate` computes it ({}): {}", result.evaluated_step, compute.to_string(),
             format_figures(evaluation.figures));
    if (result.best && evaluation.value) result.best->value = *evaluation.value;
    result.evaluation = std::move(evaluation);
  }

  /// What the figures of a file begin with.
  std::string prefix_of(const fs::path& file) const {
    return file == development_files_.front() ? "" : file.stem().string() + "_";
  }

  TrainingConfig& training() { return config_.values.training; }

  void check_length() const {
    const std::int64_t length = config_.values.task.max_sequence_length;
    if (length <= start_.config.max_position_embeddings) return;
    throw UsageError("{}: task.max_sequence_length is {}, but the model {} has positions for {} tokens",
                     config_.source.locate("task.max_sequence_length"), length, start_.path.string(),
                     start_.config.max_position_embeddings);
  }

  void read_data() {
    using tasks::Part;
    const fs::path& path = config_.values.data.path;
    const auto files = task_->settle(path);
    if (files.size() != 1) throw DataError("{}: expected one training file, found {}", path.string(), files.size());
    training_data_ = task_->read(files.front(), Part::kTrain);
    log_info("to train on: {}: {}", files.front().string(), training_data_->describe());
    tasks::warn_of_unknown_tokens(*training_data_, *start_.tokenizer, files.front().string());
    if (training_data_->num_items() == 0) throw DataError("{}: there is nothing to train on", files.front().string());
    if (!training_data_->is_labelled()) {
      throw DataError("{}: the training data does not say what is right: it has no labels", files.front().string());
    }
    settle_loss();
    for (const fs::path& file : task_->find(path, Part::kDevelopment)) {
      if (file == files.front() && !task_->divides(file)) continue;
      add_development(file, task_->read(file, Part::kDevelopment));
    }
    if (development_.empty()) {
      check_nothing_to_fit();
      log_warning(
          "there is nothing to evaluate on: no best model is chosen, and how well it learns is not known; give a "
          "folder with a file for training and one for evaluation");
    }
  }

  void check_nothing_to_fit() const {
    if (!config_.values.task.needs_fitting()) return;
    throw UsageError(
        "a threshold to search or a temperature to fit (task.text.threshold, task.temperature) needs development data, "
        "and there is none: give a folder with a file for training and one for evaluation");
  }

  void settle_loss() {
    loss_ = tasks::loss_config(*task_, *training_data_);
    const std::vector<std::string>& labels = task_->definition().labels;
    std::string weights;
    for (std::size_t c = 0; c < loss_.class_weights.size(); ++c) {
      weights += fmt::format("{}'{}' {:.6g}", c == 0 ? "" : ", ", labels[c], loss_.class_weights[c]);
    }
    if (!weights.empty()) log_info("class weights: {}", weights);
  }

  void add_development(const fs::path& file, std::shared_ptr<tasks::DataSet> data) {
    log_info("to evaluate on: {}: {}", file.string(), data->describe());
    tasks::warn_of_unknown_tokens(*data, *start_.tokenizer, file.string());
    if (!data->is_labelled()) {
      log_warning("{} has no labels: there will be no evaluation on it", file.string());
      return;
    }
    development_files_.push_back(file);
    development_.push_back({prefix_of(file), std::move(data)});
  }

  void report_start(const FinetuningObjective& objective) {
    log_start(config_.to_yaml(/*with_origins=*/true), compute_);
    if (!development_.empty()) {
      log_info("evaluations during the training are computed on {}; the last one, of the best model, in float32",
               compute_.to_string());
    }
    log_info("{}", tasks::describe_auto_class(config_.values.task));
    const TrainConfig& train = training().train;
    const std::int64_t an_epoch = objective.count_updates(1);
    log_info("run: {} steps, {} an epoch = {:.2f} epochs; warm-up {} steps; peak learning rate {:g}", train.steps,
             an_epoch, static_cast<double>(train.steps) / static_cast<double>(an_epoch),
             training().schedule.warmup_steps, training().optimizer.learning_rate);
  }

  WrittenFinetuneConfig config_;
  model::Compute compute_;
  inference::ModelFolder start_;
  std::shared_ptr<tasks::Task> task_;
  std::shared_ptr<tasks::DataSet> training_data_;
  model::LossConfig loss_;
  std::vector<DevelopmentSet> development_;
  std::vector<fs::path> development_files_;  ///< of these
  std::optional<Run> run_;
};

RunOptions of_seed(const FinetuneOptions& options, std::int64_t seed) {
  RunOptions run = options.run;
  run.config = options.run.configuration();  // a seed that the stopped program did not come to has none of its own
  run.run_dir /= fmt::format("seed-{}", seed);
  run.assignments.push_back(fmt::format("train.seed={}", seed));
  return run;
}

std::vector<SeedResult> finetune_seeds(const FinetuneOptions& options, const WrittenFinetuneConfig& config,
                                       const std::string& version) {
  const fs::path& folder = options.run.run_dir;
  const std::int64_t first = config.values.training.train.seed;
  std::vector<SeedResult> results;
  for (std::int64_t seed = first; seed < first + options.num_seeds; ++seed) {
    log_info("run {} of {}: seed {}", seed - first + 1, options.num_seeds, seed);
    const RunOptions run_options = of_seed(options, seed);
    FinetuningRun run(options, run_options, version);  // throws if the folder is not free
    if (seed == first) write_file_atomically(folder / kSeedsConfigFile, config.to_yaml());
    results.push_back({seed, run_options.run_dir, run.train()});
    if (results.back().run.signal != 0) return results;
  }
  write_file_atomically(folder / kSeedsFile, to_json(results));
  return results;
}

/// The run with the highest value; null if none has one.
const SeedResult* find_best(const std::vector<SeedResult>& results) {
  const SeedResult* best = nullptr;
  for (const SeedResult& result : results) {
    if (result.run.best && (!best || result.run.best->value > best->run.best->value)) best = &result;
  }
  return best;
}

std::string folder_of(const SeedResult& result) {
  return result.run_dir.filename().string();
}

}  // namespace

std::optional<double> median_of_best(const std::vector<SeedResult>& results) {
  std::vector<double> values;
  for (const SeedResult& result : results) {
    if (!result.run.best) return std::nullopt;
    values.push_back(result.run.best->value);
  }
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::string to_json(const std::vector<SeedResult>& results) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  if (const SeedResult* best = find_best(results)) {
    object["metric"] = best->run.best->metric;
    if (const auto median = median_of_best(results)) object["median"] = *median;
    object["best"] = folder_of(*best);
  }
  for (const SeedResult& result : results) {
    nlohmann::ordered_json& run = object["runs"].emplace_back();
    run = {{"seed", result.seed}, {"folder", folder_of(result)}};
    if (!result.run.best) continue;
    run["value"] = result.run.best->value;
    run["step"] = result.run.best->step;
  }
  return object.dump(2) + "\n";
}

std::vector<SeedResult> finetune(const FinetuneOptions& options, const std::string& version) {
  const WrittenFinetuneConfig config = read_config(options, options.run);
  if (options.num_seeds > 1) return finetune_seeds(options, config, version);
  return {
      {config.values.training.train.seed, options.run.run_dir, FinetuningRun(options, options.run, version).train()}};
}

}  // namespace albert::train
