#include <memory>

#include "cli/commands.h"
#include "cli/run_arguments.h"
#include "cli/sleeping_threads.h"
#include "train/pretrain.h"

namespace albert::cli {

void add_pretrain_command(Command& program) {
  auto options = std::make_shared<train::PretrainOptions>();
  Command command =
      program.add_subcommand("pretrain", "Pretrain a model on one corpus or several: masked words and sentence order");
  command.example("albert pretrain --config quickstart --set data.corpus=corpus --run-dir run");
  let_waiting_threads_sleep(command);
  add_run_arguments(command, options->run, "configs/pretrain");
  const Option init_from =
      command.add_option("--init-from", options->init_from,
                         "Folder of the model whose weights to start from, or of a run: its best checkpoint");
  command
      .add_option(
          "--branch-from", options->branch_from,
          "Another run, or a checkpoint of it, to go on from in a folder of its own: with its optimizer, at its "
          "place in the data, by the schedule of this one. train.steps counts from that run's beginning")
      .excludes(init_from);
  command.callback([options] {
    start_ranks(options->run, [&] { train::check_pretrain_config(*options); });
    const train::RunResult result = train::pretrain(*options, ALBERT_VERSION);
    if (is_first_rank()) print_result(result, options->run.run_dir);
    exit_if_interrupted(result.is_complete ? 0 : result.signal);
  });
}

}  // namespace albert::cli
