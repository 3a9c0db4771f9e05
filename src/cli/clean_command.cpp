#include <algorithm>
#include <memory>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/commands.h"
#include "train/clean_runs.h"

namespace albert::cli {

namespace {

void clean(const train::CleanOptions& options) {
  const auto runs = train::clean_runs(options);
  fmt::print("{}", train::to_text(runs, options));
  for (const train::CleanedRun& run : runs) {
    if (run.failed)
      log_error("{}: {}", run.path.string(), run.why_not);  // what is printed may go to the same full disk
  }
  const auto num_failed = std::ranges::count(runs, true, &train::CleanedRun::failed);
  if (num_failed > 0) throw IoError("{} could not be cleaned; see above", counted(num_failed, "run"));
}

}  // namespace

void add_clean_command(Command& program) {
  constexpr double kMostKept = 1e6;
  auto options = std::make_shared<train::CleanOptions>();
  Command command = program.add_subcommand("clean",
                                           "Remove checkpoints that runs do not need any more; without --yes only show "
                                           "them. Runs that are training are left "
                                           "alone, and so is what is damaged, or no file of a checkpoint");
  command.example("albert clean run --keep 2 --yes");
  command.add_option("runs", options->folders, "Folders of runs, or folders with runs below them")
      .required()
      .type_name("DIR");
  const Option keep =
      command
          .add_option("--keep", options->rule.keep, "How many of the newest checkpoints stay; the best one stays too")
          .within(1, kMostKept)
          .show_default();
  Option best = command.add_flag("--keep-best", options->rule.only_best,
                                 "Keep the best checkpoint alone; where none is the best, the newest. A run that is "
                                 "resumed goes on from there");
  best.excludes(keep);
  command
      .add_flag("--optimizer-states", options->rule.optimizer_states,
                "Keep all checkpoints, but of those that a resumed run does not begin with only the models: "
                "optimizer.safetensors and trainer_state.json go")
      .excludes(keep)
      .excludes(best);
  command.add_flag("--yes", options->removes, "Remove what is shown");
  command.callback([options] { clean(*options); });
}

}  // namespace albert::cli
