#include "train/finetune.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <ranges>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/shown.h"
#include "base/signals.h"
#include "base/utf8.h"
#include "inference/evaluate.h"
#include "inference/open_model.h"
#include "inference/precision_choice.h"
#include "tasks/class_weights.h"
#include "tasks/common/unknown_tokens.h"
#include "tasks/definition_json.h"
#include "train/finetune_config.h"
#include "train/finetuning_objective.h"
#include "train/ranks.h"
#include "train/run_summary.h"
#include "train/starting_model.h"

namespace albert::train {

namespace {

RunCommand command_of(const FinetuneOptions& options, const std::string& version) {
  const std::string weights_option = "--model";
  const auto count = [](int number, int usual) { return number == usual ? "" : std::to_string(number); };
  std::vector<std::pair<std::string, std::string>> others = {{weights_option, options.model.string()}};
  for (const fs::path& path : options.data) others.emplace_back("--data", path.string());
  for (const std::string& sweep : options.series.sweeps) others.emplace_back("--sweep", sweep);
  others.emplace_back("--seeds", count(options.series.num_seeds, 1));
  others.emplace_back("--folds", count(options.series.num_folds, 0));
  return {options.run.command_line("finetune", others), weights_option, version};
}

/// `--data` as assignments of settings.
std::vector<std::string> data_assignments(const std::vector<fs::path>& data) {
  if (data.empty()) return {};
  nlohmann::json more = nlohmann::json::array();
  for (const fs::path& path : data) {
    const std::string absolute = fs::absolute(path).string();
    if (!is_utf8(absolute))
      throw UsageError("--data {}: the name of a folder above it is no UTF-8; rename it", absolute);
    if (&path != &data.front()) more.push_back(absolute);
  }
  return {"data.path=" + fs::absolute(data.front()).string(), "data.more_paths=" + more.dump()};
}

/// The options with all that the command line says of settings among the assignments.
RunOptions run_options(const FinetuneOptions& options) {
  RunOptions run = options.run;
  if (!options.model.empty()) run.assignments.push_back("model.path=" + options.model.string());
  std::ranges::copy(data_assignments(options.data), std::back_inserter(run.assignments));
  return run;
}

/// Throws UsageError where pairs that learn from the others of their update would have fewer of them.
void check_negatives(const FinetuneConfig& config, int num_ranks) {
  if (num_ranks == 1 || !config.task.settings().learns_from_whole_updates()) return;
  throw UsageError(
      "pairs without labels learn from the other pairs of their update (task.kind: embedding), so an update "
      "cannot be shared by {} ranks; train this task in one process",
      num_ranks);
}

WrittenFinetuneConfig read_config(const RunOptions& run, int num_ranks) {
  WrittenFinetuneConfig config = read_finetune_config(run.configuration(), run.assignments);
  if (config.values.model.path.empty()) throw UsageError("no model to start from is given; name one with --model");
  if (config.values.data.path.empty()) throw UsageError("no data set is given; name one with --data");
  check_negatives(config.values, num_ranks);
  return config;
}

/// "a.tsv", or "a.tsv and 2 more files".
std::string describe_files(const std::vector<fs::path>& files) {
  const std::string first = files.front().string();
  return files.size() == 1 ? first : fmt::format("{} and {}", first, counted(files.size() - 1, "more file"));
}

/// Everything that one run is made of.
class FinetuningRun {
 public:
  FinetuningRun(const RunOptions& run, const RunCommand& command, parallel::Group& ranks)
      : ranks_(ranks),
        version_(command.version),
        config_(read_config(run, ranks.size())),
        compute_(set_up_compute(training().train.compute, ranks)),
        start_(inference::open_model_folder(config_.values.model.path)),
        task_(tasks::make_task({config_.values.task, {}}, start_.tokenizer)) {
    check_length();
    read_data();
    run_.emplace(resumed_after_restart(run, ranks), command, ranks.is_first());
  }

  /// \param begun see RunSettings
  RunResult train(const std::function<void()>& begun = [] {}) {
    RunResult result = train_to_the_end(begun);
    training_data_.reset();
    development_.clear();
    if (run_->writes() && result.is_complete && !development_files_.empty()) take_final_figures(result);
    return result;
  }

 private:
  RunResult train_to_the_end(const std::function<void()>& begun) {
    const auto seed = static_cast<std::uint64_t>(training().train.seed);
    const auto albert = make_model(start_, config_.values.model, *task_, compute_, seed);
    FinetuningObjective objective(
        albert, task_, training_data_, development_, start_.tokenizer,
        {.seed = seed, .recompute = training().train.recompute, .batches = config_.values.batch_plan(), .loss = loss_});
    training().settle_length([&](double epochs) { return objective.count_updates(epochs); });
    Course course(training().train.length());
    TrainingRun training_run(*run_, objective, ranks_, training(),
                             {.loader_threads = static_cast<std::size_t>(config_.values.data.threads),
                              .version = version_,
                              .run_yaml = config_.to_yaml(),
                              .course = course,
                              .begun = begun},
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
    for (const auto& files : development_files_) {
      const auto report = inference::evaluate_files(opened, files, tasks::Part::kDevelopment);
      for (const auto& [name, value] : report.judgement->figures) {
        evaluation.figures.emplace_back(prefix_of(files) + name, value);
      }
      inference::warn_of_guess(*opened.task, report);
    }
    evaluation.value = metrics::find(evaluation.figures, evaluation.metric);
    result.evaluated_step = result.best ? result.best->step : result.step;
    log_info("step {}, held out, as `albert evaluate` computes it ({}): {}", result.evaluated_step, compute.to_string(),
             format_figures(evaluation.figures));
    write_final_figures(result.evaluated_step, evaluation.figures);
    if (result.best && evaluation.value) {
      result.best->value = *evaluation.value;
      result.best->loss = metrics::find(evaluation.figures, "loss");
    }
    if (evaluation.value) measure_precisions(opened.path, evaluation);
    result.evaluation = std::move(evaluation);
  }

  /// How good the model is where it predicts faster: `albert predict` chooses by it.
  void measure_precisions(const fs::path& model, const Evaluation& evaluation) const {
    const auto measured =
        inference::measure_precisions(evaluation.metric, *evaluation.value, [&](model::Precision precision) {
          model::Compute compute = compute_;
          compute.precision = precision;
          const auto opened = inference::open_task_model(model, compute);
          const auto report = inference::evaluate_files(opened, development_files_.front(), tasks::Part::kDevelopment);
          return metrics::find(report.judgement->figures, evaluation.metric);
        });
    if (measured.values.size() == 1) return;
    log_info("held out, by precision: {}", measured.to_string());
    inference::write_measured_precisions(model, measured);
  }

  void write_final_figures(std::int64_t step, const metrics::Figures& figures) const {
    nlohmann::ordered_json json = {{"step", step}};
    for (const auto& [name, value] : figures) json[name] = value;
    write_file_atomically(run_->folder().figures(), dump_json(json) + "\n");
  }

  /// What the figures of a set begin with.
  std::string prefix_of(const std::vector<fs::path>& files) const {
    return files == development_files_.front() ? "" : files.front().stem().string() + "_";
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
    const std::vector<fs::path> paths = config_.values.data.paths();
    const tasks::DataFiles files = task_->settle(paths);
    for (const fs::path& file : files.left_out)
      log_warning("{} is left out: its name says that it is a test", file.string());
    const std::string name = describe_files(files.training);
    training_data_ = task_->read(files.training, Part::kTrain);
    log_info("to train on: {}: {}", name, training_data_->describe());
    tasks::warn_of_unknown_tokens(*training_data_, *start_.tokenizer, name);
    if (training_data_->num_items() == 0) throw DataError("{}: there is nothing to train on", name);
    if (!training_data_->is_labelled()) {
      throw DataError("{}: the training data does not say what is right: it has no labels", name);
    }
    settle_loss();
    for (const auto& set : files.development) add_development(set);
    if (!development_.empty()) return;
    check_nothing_to_fit();
    if (!files.development.empty()) return;
    if (paths.size() == 1) task_->find(paths.front(), Part::kDevelopment);  // says what is missing in a folder
    log_warning(
        "there is nothing to evaluate on: no best model is chosen, and how well it learns is not known; give a folder "
        "with a file for training and one for evaluation");
  }

  void check_nothing_to_fit() const {
    if (!config_.values.task.needs_fitting()) return;
    throw UsageError(
        "a threshold to search or a temperature to fit (task.text.threshold, task.temperature) needs development data, "
        "and there is none: give a folder with a file for training and one for evaluation");
  }

  void settle_loss() {
    loss_ = tasks::loss_config(*task_, *training_data_);
    tasks::warn_of_labels_without_examples(*task_, *training_data_);
    if (training().optimizer.learning_rate == 0) log_warning("optimizer.learning_rate is 0: nothing will be learnt");
    const std::vector<std::string>& labels = task_->definition().labels;
    std::string weights;
    for (std::size_t c = 0; c < loss_.class_weights.size(); ++c) {
      weights += fmt::format("{}'{}' {:.6g}", c == 0 ? "" : ", ", labels[c], loss_.class_weights[c]);
    }
    if (!weights.empty()) log_info("class weights: {}", weights);
  }

  void add_development(const std::vector<fs::path>& files) {
    const std::string name = describe_files(files);
    std::shared_ptr<tasks::DataSet> data = task_->read(files, tasks::Part::kDevelopment);
    log_info("to evaluate on: {}: {}", name, data->describe());
    tasks::warn_of_unknown_tokens(*data, *start_.tokenizer, name);
    if (!data->is_labelled()) {
      log_warning("{} has no labels: there will be no evaluation on it", name);
      return;
    }
    development_files_.push_back(files);
    development_.push_back({prefix_of(files), std::move(data)});
  }

  void report_start(const FinetuningObjective& objective) {
    log_start(config_.to_yaml(/*with_origins=*/true), compute_, ranks_);
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

  parallel::Group& ranks_;
  std::string version_;
  WrittenFinetuneConfig config_;
  model::Compute compute_;
  inference::ModelFolder start_;
  std::shared_ptr<tasks::Task> task_;
  std::shared_ptr<tasks::DataSet> training_data_;
  model::LossConfig loss_;
  std::vector<DevelopmentSet> development_;
  std::vector<std::vector<fs::path>> development_files_;  ///< of these
  std::optional<Run> run_;
};

/// Several runs, one after another.
class FinetuningSeries {
 public:
  FinetuningSeries(const FinetuneOptions& options, RunCommand command, parallel::Group& ranks)
      : ranks_(ranks),
        options_(resumed_after_restart(run_options(options), ranks)),
        command_(std::move(command)),
        series_(options.series) {
    if (ranks.is_first()) folder_.emplace(options_.run_dir, options_.start(), RunFolder::Holds::kSeries);
    options_.config = options_.configuration(kSeriesConfigFile);  // a run that was not begun has none of its own
    const WrittenFinetuneConfig config = read_finetune_config(options_.config, options_.assignments);
    run_yaml_ = config.to_yaml();
    runs_ = runs_of(series_, config.values.training.train.seed, options_.assignments);
    check_runs();
  }

  FinetuneResult train() const {
    std::vector<SeriesResult> results;
    for (const SeriesRun& run : runs_) {
      log_info("run {} of {}: {}", results.size() + 1, runs_.size(), run.name);
      results.push_back(train_one(run));
      const RunResult& result = results.back().result;
      const bool is_last = results.size() == runs_.size();
      if (result.signal == 0 || (is_last && result.is_complete)) continue;
      if (result.is_complete) {
        log_warning("stopped by {} after {} of {}. To go on:\n  {}", name_of_signal(result.signal),
                    counted(results.size(), "run"), runs_.size(), command_.resume_line());
      }
      return {SeriesSummary(series_, std::move(results)), result.signal};
    }
    SeriesSummary summary(series_, std::move(results));
    // Where no run came to its first update there is none.
    if (folder_ && fs::exists(folder_->path() / kSeriesConfigFile)) {
      write_file_atomically(folder_->path() / kSeriesFile, summary.to_json());
    }
    return {std::move(summary)};
  }

 private:
  RunOptions options_of(const SeriesRun& run) const {
    RunOptions made = options_;
    made.run_dir /= run.name;
    made.assignments.insert(made.assignments.end(), run.assignments.begin(), run.assignments.end());
    return made;
  }

  /// Throws UsageError if the folder has a run that is none of these: runs.json would tell nothing of it.
  void refuse_other_runs() const {
    if (!fs::is_directory(options_.run_dir)) return;
    for (const fs::directory_entry& entry : fs::directory_iterator(options_.run_dir)) {
      const std::string name = entry.path().filename().string();
      if (std::ranges::find(runs_, name, &SeriesRun::name) != runs_.end() || !is_run(entry.path())) continue;
      throw UsageError(
          "{} holds the run {}, which is none of those that this command asks for, such as {}: repeat the series with "
          "its own --seeds, --folds and --sweep (it may have more of their values), or choose another --run-dir",
          options_.run_dir.string(), shortened(name), runs_.front().name);
    }
  }

  /// Finds what is wrong with any of the runs before the first one trains.
  void check_runs() const {
    if (folder_) refuse_other_runs();
    for (const SeriesRun& run : runs_) {
      const RunOptions options = options_of(run);
      read_config(options, ranks_.size());
      if (folder_) const RunFolder free(options.run_dir, options.start());
    }
  }

  SeriesResult train_one(const SeriesRun& run) const {
    const RunOptions options = options_of(run);
    try {
      const auto begun = [&] { write_file_atomically(folder_->path() / kSeriesConfigFile, run_yaml_); };
      return {run, FinetuningRun(options, command_, ranks_).train(begun)};
    } catch (const NumericalError& error) {
      log_error("{}: {}", options.run_dir.string(), error.what());
      return {run, {}, error.what()};
    }
  }

  parallel::Group& ranks_;
  RunOptions options_;
  RunCommand command_;
  std::optional<RunFolder> folder_;  ///< of the rank that writes
  SeriesOptions series_;
  std::string run_yaml_;
  std::vector<SeriesRun> runs_;
};

/// The configuration that the ranks begin with: of a series, what its runs have in common.
WrittenFinetuneConfig read_first_config(const FinetuneOptions& options) {
  const RunOptions run = run_options(options);
  return read_finetune_config(run.configuration(options.series.is_one_run() ? kRunConfigFile : kSeriesConfigFile),
                              run.assignments);
}

}  // namespace

void check_finetune_config(const FinetuneOptions& options) {
  if (options.series.is_one_run()) {
    read_config(run_options(options), options.run.ranks);
  } else {
    read_first_config(options);
  }
}

FinetuneResult finetune(const FinetuneOptions& options, const std::string& version) {
  const RunCommand command = command_of(options, version);
  const StopNotice notice(command.remark_on_stop());
  const WrittenFinetuneConfig config = read_first_config(options);
  return parallel::as_rank(group_options(config.values.training), [&](parallel::Group& ranks) {
    if (!options.series.is_one_run()) return FinetuningSeries(options, command, ranks).train();
    const RunResult result = FinetuningRun(run_options(options), command, ranks).train();
    return FinetuneResult{SeriesSummary({}, {{{}, result}}), result.is_complete ? 0 : result.signal};
  });
}

}  // namespace albert::train
