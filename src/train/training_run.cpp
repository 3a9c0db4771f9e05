#include "train/training_run.h"

#include <map>
#include <utility>

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/signals.h"
#include "config/node.h"
#include "model/compute.h"
#include "train/best_result.h"
#include "train/branch.h"
#include "train/evaluation_of_ranks.h"
#include "train/resume_check.h"
#include "train/settled.h"

namespace albert::train {

namespace {

/// The parameters that are not frozen.
optim::NamedTensors trained_parameters_of(const Objective& objective) {
  optim::NamedTensors parameters = objective.parameters();
  std::erase_if(parameters, [](const optim::NamedTensor& parameter) { return !parameter.tensor.requires_grad(); });
  return parameters;
}

optim::OptimizerConfig optimizer_config(const TrainingConfig& config) {
  optim::OptimizerConfig own = config.optimizer;
  own.muon_in_bfloat16 = config.train.compute.precision == model::Precision::kBFloat16;
  return own;
}

/// A signal that asked any rank to stop, or 0. All ranks call it, and wait for one another here.
int agreed_signal(parallel::Group& ranks) {
  if (ranks.is_alone()) return StopRequest::signal();
  int agreed = 0;
  for (const std::string& signal : ranks.gather(std::to_string(StopRequest::signal()))) {
    if (agreed == 0) agreed = std::stoi(signal);
  }
  return agreed;
}

/// What of a rank must be as on all others, besides settings, by name.
nlohmann::json common_of(const Objective& objective, const std::string& version) {
  nlohmann::json common = objective.fingerprints();
  common["program (--version)"] = version;
  common["instruction set"] = model::instruction_sets();
  // Weights that layers share have the same shapes whatever their number is.
  const nlohmann::json config = read_json(objective.model(0).config_json);
  for (const auto& [name, value] : config.items()) common["model (" + name + ")"] = value;
  return common;
}

}  // namespace

TrainingRun::TrainingRun(const Run& run, Objective& objective, parallel::Group& ranks, const TrainingConfig& config,
                         RunSettings settings, const std::function<void()>& take_first_weights)
    : run_(run),
      objective_(objective),
      ranks_(ranks),
      config_(config),
      settings_(std::move(settings)),
      agenda_(settings_.course, config.log, config.evaluate, config.checkpoint_interval()),
      optimizer_(optimizer_config(config), trained_parameters_of(objective), ranks, config.parallel.shard_optimizer) {
  state_.seed = static_cast<std::uint64_t>(config.train.seed);
  state_.fingerprints = objective.fingerprints();
  require_agreement();
  if (run.writes()) begin(take_first_weights);
  share_start();
}

void TrainingRun::begin(const std::function<void()>& take_first_weights) {
  store_.emplace(run_.folder().checkpoints(), config_.checkpoint.keep);
  if (run_.resumes()) {
    if (resume()) return;
    log_warning("{} holds no checkpoint: the run begins anew", run_.folder().path().string());
  }
  if (!settings_.branch_from.empty()) return branch();
  if (!config_.train.clock.empty()) settings_.course.replay(config_.train.clock, 0);
  take_first_weights();
  state_.longest_sequence = settings_.longest_sequence;
}

void TrainingRun::branch() {
  const checkpoint::TrainingCheckpoint trunk = open_trunk(settings_.branch_from);
  const TrainState& state = trunk.state();
  const bool has_same_data = check_branch(trunk, config_, settings_.run_yaml, state_, objective_);
  checkpoint::load_parameters(trunk.folder(), objective_.model(state.step).parameters, checkpoint::Match::kExact);
  opened_state_ = trunk.optimizer_state();
  state_.step = state.step;
  state_.examples_seen = state.examples_seen;
  state_.tokens_seen = state.tokens_seen;
  state_.longest_sequence = state.longest_sequence;
  state_.epoch = has_same_data ? state.epoch : state.epoch + 1;
  state_.index_in_epoch = has_same_data ? state.index_in_epoch : 0;
  branched_at_ = state.step;
  log_info("branching off from {} after step {}, with its optimizer; {}", trunk.folder().string(), state.step,
           has_same_data ? "the data go on where it was" : "the examples are others, and a new epoch of them begins");
}

void TrainingRun::share_start() {
  if (ranks_.is_alone()) {
    if (state_.step > 0) optimizer_.load_state(std::exchange(opened_state_, {}));
    return;
  }
  if (settings_.course.follows_clock())
    settings_.course.replay(
        places_from_lines(ranks_.broadcast(to_lines(settings_.course.places())), "what rank 0 sent"));
  const std::map<std::string, std::string> fingerprints = state_.fingerprints;
  state_ = checkpoint::train_state_from_json(ranks_.broadcast(checkpoint::to_json(state_)), "what rank 0 sent");
  state_.fingerprints = fingerprints;
  if (!ranks_.broadcast(branched_at_ ? "branch" : "").empty()) branched_at_ = state_.step;
  const at::NoGradGuard no_gradients;
  // By way of a copy: what a parameter is computed with besides itself has to notice that it changed.
  const auto share = [&](const at::Tensor& tensor) {
    const at::Tensor copy = tensor.detach().clone().contiguous();
    ranks_.broadcast(copy);
    return copy;
  };
  for (const auto& [name, tensor] : objective_.parameters()) tensor.copy_(share(tensor));
  if (state_.step > 0) optimizer_.load_state(opened_state_);
  opened_state_.clear();
}

void TrainingRun::require_agreement() const {
  if (ranks_.is_alone()) return;
  const std::vector<std::string> all = ranks_.gather(dump_json(
      nlohmann::json{{"settings", settings_.run_yaml}, {"others", common_of(objective_, settings_.version)}}));
  const nlohmann::json first = read_json(all.front());
  const auto settings_of = [](const nlohmann::json& report) {
    return config::parse_text(report.at("settings").get<std::string>(), {});
  };
  for (int rank = 1; rank < ranks_.size(); ++rank) {
    const nlohmann::json other = read_json(all[static_cast<std::size_t>(rank)]);
    nlohmann::json either = first.at("others");
    either.update(other.at("others"));
    for (const auto& [name, ignored] : either.items()) {
      const auto of = [&n = name](const nlohmann::json& report) {
        return report.at("others").value(n, nlohmann::json("none"));
      };
      if (of(other) == of(first)) continue;
      throw UsageError("{} has another {} than {}: {} instead of {}; all ranks need the same", ranks_.name_of(rank),
                       name, ranks_.name_of(0), short_json(of(other)), short_json(of(first)));
    }
    const std::string differences = differing_settings(settings_of(first), settings_of(other));
    if (differences.empty()) continue;
    throw UsageError("{} has other settings than {}:{}\n  All ranks need the same", ranks_.name_of(rank),
                     ranks_.name_of(0), differences);
  }
}

bool TrainingRun::resume() {
  const auto opened = store_->open_latest();
  if (!opened) return false;
  for (const std::string& damage : opened->damaged)
    log_warning("a checkpoint is damaged and was passed over: {}", damage);
  const checkpoint::TrainingCheckpoint& checkpoint = opened->checkpoint;
  const bool is_judged_anew = check_unchanged(checkpoint);
  if (settings_.course.follows_clock()) settings_.course.replay(run_.folder().clock(), checkpoint.state().step);
  checkpoint::load_parameters(checkpoint.folder(), objective_.model(checkpoint.state().step).parameters,
                              checkpoint::Match::kExact);
  opened_state_ = checkpoint.optimizer_state();
  state_ = checkpoint.state();
  state_.fingerprints = objective_.fingerprints();
  if (is_judged_anew && state_.best && !agenda_.finished(state_.step)) {
    log_warning("changed: the {}: step {} was the best so far by other data, and counts no longer", kEvaluationData,
                state_.best->step);
    state_.best.reset();
  }
  store_->restore_links(state_);
  log_info("resuming at step {} from {} ({} is for a run that begins)", state_.step, checkpoint.folder().string(),
           run_.weights_option());
  return true;
}

/// \return whether the data that evaluations are computed on have changed, which may
bool TrainingRun::check_unchanged(const checkpoint::TrainingCheckpoint& checkpoint) const {
  bool is_judged_anew = false;
  const config::Node before = config::parse_text(checkpoint.run_yaml(), {checkpoint.folder() / "run.yaml", 1, ""});
  const config::Node now = config::parse_text(settings_.run_yaml, {});
  for (const std::string& note : check_resumed_settings(before, now, run_.weights_option())) {
    log_warning("changed: {}", note);
  }
  for (const auto& [name, fingerprint] : objective_.fingerprints()) {
    const auto was = checkpoint.state().fingerprints.find(name);
    if (was == checkpoint.state().fingerprints.end() || was->second == fingerprint) continue;
    if (name == kEvaluationData) {
      is_judged_anew = true;
      continue;
    }
    throw UsageError(
        "the {} is not the one that the run was started with: its checksum was {}, now it is {}; point to the old one, "
        "or start a new run from these weights with {} {} and another --run-dir",
        name, was->second, fingerprint, run_.weights_option(), checkpoint.folder().string());
  }
  return is_judged_anew;
}

RunResult TrainingRun::train() {
  try {
    return train_to_the_end();
  } catch (const std::exception& error) {
    run_.note_failure(error);
    throw;
  }
}

RunResult TrainingRun::train_to_the_end() {
  const optim::Schedule schedule(config_.schedule, config_.optimizer.learning_rate, settings_.course.length(),
                                 settings_.borders);
  Loader loader(objective_,
                {.batch_size = config_.train.batch_size,
                 .micro_batch_size = config_.train.micro_batch_size,
                 .first_step = state_.step,
                 .num_threads = settings_.loader_threads,
                 .rank = ranks_.rank(),
                 .num_ranks = ranks_.size()},
                {static_cast<std::uint64_t>(state_.epoch), static_cast<std::uint64_t>(state_.index_in_epoch)});
  const CourseEnd end(settings_.course);  // the loader's threads may wait for the next updates
  Trainer trainer(objective_, optimizer_, schedule, settings_.course, loader, ranks_,
                  {.type = config_.parallel.gradient_type,
                   .overlaps = !config_.train.recompute,
                   .bucket_elements = config_.parallel.bucket_elements},
                  state_);
  std::optional<Journal> journal;
  if (run_.writes()) journal.emplace(run_.folder(), objective_, state_, settings_.course);
  try {
    return loop(trainer, journal);
  } catch (const NumericalError& error) {  // on all ranks: it is found in sums over them
    if (journal) journal->clear_line();
    const std::string rescue = ranks_.broadcast(journal ? describe_rescue() : "");
    throw NumericalError("{}. {}", error.what(), rescue);
  }
}

std::string TrainingRun::describe_rescue() const {
  try {
    const auto opened = store_->open_latest();
    if (!opened) return "No checkpoint had been written yet";
    return fmt::format("The newest whole checkpoint is {}; to start a new run from its weights: {} {}",
                       opened->checkpoint.folder().string(), run_.weights_option(),
                       opened->checkpoint.folder().string());
  } catch (const ModelError& damage) {
    return damage.what();
  }
}

void TrainingRun::note_begin() {
  if (!run_.writes()) return;
  settings_.begun();  // first: where a series has no configuration of its own, none of its runs is taken for one of it
  write_file_atomically(run_.folder().configuration(), settings_.run_yaml);
  if (settings_.course.follows_clock()) clock_file_.emplace(run_.folder().clock(), settings_.course);
}

int TrainingRun::stop_signal(int agreed) const {
  return ranks_.is_alone() ? StopRequest::signal() : agreed;
}

RunResult TrainingRun::loop(Trainer& trainer, std::optional<Journal>& journal) {
  const StopRequest catching_signals(
      "\nstopping: the step is finished and the state saved first; a second Ctrl-C or SIGTERM ends the run at once, "
      "unsaved\n");
  RunResult result;
  result.step = state_.step;
  if (state_.evaluation_due) {
    note_begin();
    finish_step(trainer, journal, 0, result);
  } else if (agenda_.finished(state_.step)) {
    log_warning(
        "nothing is left to train: the {} are over, after step {}; for more of them raise train.{}, or, "
        "where the run grows, start a new one from its weights with {}",
        settings_.course.length().stretch(settings_.course.length().count), state_.step,
        settings_.course.follows_clock() ? "minutes" : "steps", run_.weights_option());
  }
  while (!is_complete(trainer.state()) && result.signal == 0) {
    const StepReport report = trainer.step();
    if (result.step == state_.step) note_begin();
    result.step = trainer.state().step;
    if (clock_file_) clock_file_->keep_up();
    if (journal) journal->add(result.step, report);
    finish_step(trainer, journal, report.signal, result);
  }
  if (journal) journal->clear_line();
  result.is_complete = is_complete(trainer.state());
  result.best = trainer.state().best;
  if (result.is_complete) {
    result.signal = agreed_signal(ranks_);  // for what comes behind this run
  } else {
    log_warning("stopped by {} after step {}; the state is saved. To go on:\n  {}", name_of_signal(result.signal),
                result.step, run_.resume_command());
    agreed_signal(ranks_);  // whoever gets its signal while rank 0 saves waits for that, too
  }
  return result;
}

/// What follows an update: a record, an evaluation, a checkpoint, each where it is its turn.
void TrainingRun::finish_step(Trainer& trainer, std::optional<Journal>& journal, int signal, RunResult& result) {
  const std::int64_t step = result.step;
  std::optional<Evaluation> evaluation;
  if (agenda_.evaluate(step)) {
    if (journal) journal->clear_line();
    if (stop_signal(signal) != 0) save_before_evaluation(trainer, journal);
    evaluation = evaluate(step);
  }
  trainer.set_evaluation_due(false);
  if (journal) {
    if (evaluation || agenda_.log(step)) journal->write(step, evaluation);
    trainer.set_unrecorded(journal->unrecorded());
  }
  if (evaluation) {
    trainer.set_best(best_after(trainer.state().best, *evaluation, step));
    result.evaluation = evaluation;
    result.evaluated_step = step;
  }
  const bool is_best = trainer.state().best && trainer.state().best->step == step;
  const bool settled = has_settled(trainer.state(), config_.evaluate.every, config_.evaluate.patience);
  if (settled) {
    log_info("no better {} in {}: the run ends here", trainer.state().best->metric,
             counted(config_.evaluate.patience, "evaluation"));
  }
  // What comes while an evaluation lasts need not wait for the next update.
  result.signal = evaluation ? agreed_signal(ranks_) : stop_signal(signal);
  // A branch that is started again goes on from its own beginning, wherever its trunk is by then.
  const bool has_branched = branched_at_ && step == *branched_at_ + 1;
  if (is_best || settled || has_branched || agenda_.save(step) || result.signal != 0) {
    if (!evaluation) trainer.require_finite_weights();
    save(trainer.state());
  }
}

/// Saves first when a signal has come: whoever waits for the run to stop may lose patience during the evaluation.
void TrainingRun::save_before_evaluation(Trainer& trainer, const std::optional<Journal>& journal) {
  if (journal) trainer.set_unrecorded(journal->unrecorded());
  trainer.set_evaluation_due(true);
  trainer.require_finite_weights();
  save(trainer.state());  // all ranks take part in it
  log_info(
      "the state is saved; the evaluation that is due comes first. A second Ctrl-C or SIGTERM puts it off: --resume "
      "then begins with it");
}

std::optional<Evaluation> TrainingRun::evaluate(std::int64_t step) {
  std::optional<Evaluation> evaluation = objective_.evaluate(ranks_, step);
  // What is kept, and when the run ends, follows from the figures: they are not left to be the same by themselves.
  evaluation = of_first_rank(ranks_, evaluation);
  if (!evaluation) return std::nullopt;
  require_finite(*evaluation, step);
  log_info("step {}, held out: {}", step, format_figures(evaluation->figures));
  warn_if_undefined(*evaluation);
  return evaluation;
}

void TrainingRun::warn_if_undefined(const Evaluation& evaluation) {
  if (evaluation.value || warned_of_undefined_) return;
  warned_of_undefined_ = true;
  log_warning(
      "the evaluation has no {}, by which models are compared: as long as that is so, no checkpoint is kept as the "
      "best{}; set {} to another figure, or evaluate on other data\n{}",
      evaluation.metric, config_.evaluate.patience > 0 ? ", and evaluate.patience does not end the run" : "",
      config_.evaluate.metric ? "evaluate.metric" : "task.metric", evaluation.why_no_value);
}

bool TrainingRun::is_complete(const TrainState& state) const {
  return agenda_.finished(state.step) || has_settled(state, config_.evaluate.every, config_.evaluate.patience);
}

void TrainingRun::save(const TrainState& state) {
  objective_.require_sound_data(state.step);
  if (!ranks_.is_alone()) ranks_.gather("");                       // a rank that found damage does not come here
  const optim::NamedTensors optimizer_state = optimizer_.state();  // all ranks have to give theirs
  if (!store_) return;
  run_.folder().require_in_place();
  if (clock_file_) clock_file_->sync();  // a checkpoint cannot be gone on from without it
  const auto folder = store_->save({.model = objective_.model(state.step),
                                    .optimizer_state = optimizer_state,
                                    .state = state,
                                    .run_yaml = settings_.run_yaml});
  log_debug("saved {}", folder.string());
}

}  // namespace albert::train
