#include <memory>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/run_arguments.h"
#include "cli/sleeping_threads.h"
#include "train/finetune.h"

namespace albert::cli {

namespace {

void print_results(const std::vector<train::SeedResult>& results, const train::FinetuneOptions& options) {
  if (options.num_seeds == 1) return print_result(results.front().run, options.run.run_dir);
  for (const auto& [seed, run_dir, run] : results) {
    if (!run.best) continue;
    fmt::print("seed {}: best {}: {:.4f} at step {}: {}\n", seed, run.best->metric, run.best->value, run.best->step,
               (run_dir / "checkpoints" / "best").string());
  }
  if (const auto median = train::median_of_best(results)) {
    fmt::print("median of {} seeds: {:.4f}: {}\n", results.size(), *median,
               (options.run.run_dir / train::kSeedsFile).string());
  }
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
      .add_option("--data", options->data,
                  "The data set: a folder in the task's public layout, or a file (- is standard input)")
      .or_standard_input();
  command
      .add_option("--seeds", options->num_seeds,
                  "Train with this many seeds, each in a folder seed-N, and report the median, also in seeds.json")
      .positive()
      .show_default();
  command.callback([options] {
    const auto results = train::finetune(*options, ALBERT_VERSION);
    print_results(results, *options);
    exit_if_interrupted(results.back().run);
  });
}

}  // namespace albert::cli
