#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

#include "base/log.h"
#include "cli/commands.h"
#include "train/pretrain.h"

namespace albert::cli {

namespace {

constexpr int kSignalExit = 128;  // as shells report a process ended by a signal

void report(const train::RunResult& result, const train::PretrainOptions& options) {
  const auto folder = options.run_dir / "checkpoints";
  if (result.evaluation) {
    fmt::print("step {}, held out: {}\n", result.step, train::format_figures(result.evaluation->figures));
  }
  if (result.best) {
    fmt::print("best {}: {:.4f} at step {}: {}\n", result.best->metric, result.best->value, result.best->step,
               (folder / "best").string());
  }
  fmt::print("latest: step {}: {}\n", result.step, (folder / "latest").string());
}

}  // namespace

void add_pretrain_command(CLI::App& app) {
  auto options = std::make_shared<train::PretrainOptions>();
  CLI::App* command = app.add_subcommand("pretrain", "Train an ALBERT on a corpus: masked words and sentence order");
  command->add_option("--config", options->config,
                      "YAML file, as in configs/pretrain; with --resume that of the run is the default");
  command
      ->add_option("--set", options->assignments,
                   "KEY=VALUE over the file, as in --set train.steps=1000; may be repeated")
      ->allow_extra_args(false);
  command->add_option("--run-dir", options->run_dir, "Folder of the run: metrics, configuration, checkpoints")
      ->required();
  command->add_flag("--resume", options->resume,
                    "Go on from the latest checkpoint of the run directory, if there is one");
  command->add_option("--init-from", options->init_from, "Model folder to take the first weights from");
  command->callback([options] {
    const train::RunResult result = train::pretrain(*options, ALBERT_VERSION);
    report(result, *options);
    if (result.signal != 0) throw CLI::RuntimeError(kSignalExit + result.signal);
  });
}

}  // namespace albert::cli
