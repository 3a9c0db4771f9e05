#include "cli/run_arguments.h"

#include "base/error.h"
#include "base/log.h"
#include "base/shown.h"
#include "parallel/launch.h"
#include "parallel/local_ranks.h"

namespace albert::cli {

void add_run_arguments(Command& command, train::RunOptions& run, const char* configs) {
  command
      .add_option("--config", run.config,
                  fmt::format("Recipe by its name, as in {} and `albert config list`, or YAML file (- is standard "
                              "input); with --resume that of the run is the default",
                              configs))
      .or_standard_input()
      .type_name("RECIPE");
  command.add_option("--set", run.assignments, "KEY=VALUE over the file, as in --set train.steps=1000; may be repeated")
      .one_at_a_time()
      .type_name("KEY=VALUE");
  command.add_option("--run-dir", run.run_dir, "Folder of the run: metrics, configuration, checkpoints").required();
  command.add_flag("--resume", run.resume, "Go on from the latest checkpoint of the run directory, if there is one");
  command
      .add_option("--ranks", run.ranks,
                  "Train in so many processes on this host, which share every update; for several hosts start the "
                  "command by torchrun, srun or mpirun instead")
      .within(1, parallel::kMostLocalRanks)
      .show_default();
}

void start_ranks(const train::RunOptions& run, const std::function<void()>& check) {
  const parallel::Launch launch = parallel::find_launch();
  if (launch.rank > 0) set_up_log(LogLevel::kError, fmt::format("rank {}: ", launch.rank));
  if (run.ranks == 1 || parallel::is_local_rank()) return;
  if (launch.size > 1) {
    throw UsageError("--ranks starts processes on this host, but {} has started {} already; leave --ranks out",
                     launch.launcher, launch.size);
  }
  check();
  throw Exit{parallel::run_local_ranks(run.ranks)};
}

bool is_first_rank() {
  return parallel::find_launch().rank == 0;
}

void print_result(const train::RunResult& result, const std::filesystem::path& run_dir) {
  const auto folder = run_dir / "checkpoints";
  if (result.evaluation) {
    fmt::print("step {}, held out: {}\n", result.evaluated_step, train::format_figures(result.evaluation->figures));
  }
  if (result.best) {
    fmt::print("best {}: {:.4f} at step {}: {}\n", result.best->metric, result.best->value, result.best->step,
               printable((folder / "best").string()));
  }
  fmt::print("latest: step {}: {}\n", result.step, printable((folder / "latest").string()));
}

void exit_if_interrupted(int signal) {
  constexpr int kSignalExit = 128;
  if (signal != 0) throw Exit{kSignalExit + signal};
}

}  // namespace albert::cli
