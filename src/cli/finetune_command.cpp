#include <memory>
#include <string>
#include <vector>

#include <spdlog/fmt/ranges.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "base/shown.h"
#include "cli/commands.h"
#include "cli/run_arguments.h"
#include "cli/sleeping_threads.h"
#include "train/finetune.h"

namespace albert::cli {

namespace {

void print_series(const train::SeriesSummary& summary, const std::filesystem::path& run_dir) {
  for (const auto& [run, result, failure] : summary.results()) {
    if (!result.best) continue;
    fmt::print("{}: best {}: {:.4f} at step {}: {}\n", run.name, result.best->metric, result.best->value,
               result.best->step, printable((run_dir / run.name / "checkpoints" / "best").string()));
  }
  fmt::print("{}", summary.to_text());
}

/// Throws if runs have failed, for whoever looks at the exit code.
void check_failures(const train::SeriesSummary& summary) {
  std::vector<std::string> failed;
  for (const auto& one : summary.results()) {
    if (!one.failure.empty()) failed.push_back(one.run.name);
  }
  if (failed.empty()) return;
  throw NumericalError("{} of {} failed, since a number was NaN or Inf: {}", failed.size(),
                       counted(summary.results().size(), "run"), fmt::join(failed, "; "));
}

void finetune(const train::FinetuneOptions& options) {
  start_ranks(options.run, [&] { train::check_finetune_config(options); });
  const auto [summary, signal] = train::finetune(options, ALBERT_VERSION);
  if (!is_first_rank()) {
    // The first one tells.
  } else if (options.series.is_one_run()) {
    print_result(summary.results().front().result, options.run.run_dir);
  } else {
    print_series(summary, options.run.run_dir);
  }
  exit_if_interrupted(signal);
  check_failures(summary);
}

}  // namespace

void add_finetune_command(Command& program) {
  auto options = std::make_shared<train::FinetuneOptions>();
  Command command = program.add_subcommand(
      "finetune", "Fine-tune a model on a task: labels, tags, answers, choices, relations, vectors");
  command.example("albert finetune --config sst2 --model run --data GLUE/SST-2 --run-dir sst2");
  let_waiting_threads_sleep(command);
  add_run_arguments(command, options->run, "configs/finetune");
  command.add_option("--model", options->model, "Folder of the model to start from, or of a run: its best checkpoint");
  command
      .add_option(
          "--data", options->data,
          "The data set: a folder in the task's public layout, a file (- is standard input), or several, also as a "
          "pattern such as 'train-*.tsv', which are read as one; of several files those named dev, valid or test are "
          "not trained on")
      .or_standard_input()
      .type_name("PATH");
  train::SeriesOptions& series = options->series;
  command
      .add_option("--seeds", series.num_seeds,
                  "Train with this many seeds, from train.seed on, each in a folder seed-N, and report the median")
      .within(1, 1000)
      .show_default();
  command
      .add_option(
          "--folds", series.num_folds,
          "Cross-validation: divide the training data into this many folds (2 to 1000), train on all but one in "
          "turn, each time in a folder fold-N, and report the mean on the one left out")
      .within(2, 1000);
  command
      .add_option(
          "--sweep", series.sweeps,
          "KEY=VALUE,VALUE...: train with each of the values of a setting, as in --sweep "
          "optimizer.learning_rate=1e-4,3e-4; may be repeated: every combination is a run in a folder of its own, "
          "with --seeds and --folds too. A table at the end compares them; runs.json has its figures and names the "
          "run that is the best. --resume goes on with those that are not done")
      .one_at_a_time()
      .type_name("KEY=VALUE,...");
  command.callback([options] { finetune(*options); });
}

}  // namespace albert::cli
